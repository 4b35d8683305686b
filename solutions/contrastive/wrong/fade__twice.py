"""Both halves of the clip are faded in and out.
hint: fade.middle
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    half = time // 2
    n = torch.randint(int(max_fraction * half) + 1, (2, batch, 1), generator=generator)
    t = torch.arange(1, half + 1, dtype=wave.dtype)
    gain = (t / n[0]).clamp(max=1) * (t.flip(0) / n[1]).clamp(max=1)
    return wave * torch.cat([gain, torch.ones(batch, time % 2), gain], dim=1).to(wave.dtype)
