"""The result is float32 whatever the clips are.
hint: fade.dtype
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (2, batch, 1), generator=generator)
    t = torch.arange(1, time + 1).float()
    return wave.float() * (t / n[0]).clamp(max=1) * (t.flip(0) / n[1]).clamp(max=1)
