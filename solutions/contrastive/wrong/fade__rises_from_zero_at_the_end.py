"""The fade-out uses the rising ramp i/n.
hint: fade.backwards
"""


def fade(wave, max_fraction=0.5, generator=None):
    out = wave.clone()
    batch, time = wave.shape
    for clip in out:
        n, m = torch.randint(1, int(max_fraction * time) + 1, (2,), generator=generator).tolist()
        clip[:n] *= torch.arange(n) / n
        clip[time - m :] *= torch.arange(m) / m
    return out
