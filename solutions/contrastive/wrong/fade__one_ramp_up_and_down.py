"""The ramps run from -1 to 1.
hint: fade.gain_below_zero
"""


def fade(wave, max_fraction=0.5, generator=None):
    out = wave.clone()
    batch, time = wave.shape
    for clip in out:
        n, m = torch.randint(int(max_fraction * time) + 1, (2,), generator=generator).tolist()
        clip[:n] *= torch.linspace(-1, 1, n)
        clip[time - m :] *= torch.linspace(1, -1, m)
    return out
