"""The fade-out uses the rising ramp.
hint: fade.backwards
"""


def fade(wave, max_fraction=0.5, generator=None):
    out = wave.clone()
    batch, time = wave.shape
    for clip in out:
        n, m = torch.randint(int(max_fraction * time) + 1, (2,), generator=generator).tolist()
        clip[:n] *= torch.linspace(0, 1, n)
        clip[time - m :] *= torch.linspace(0, 1, m)
    return out
