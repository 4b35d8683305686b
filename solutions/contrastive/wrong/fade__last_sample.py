"""The slice of the fade-out stops before the last sample.
hint: fade.outermost
"""


def fade(wave, max_fraction=0.5, generator=None):
    out = wave.clone()
    batch, time = wave.shape
    for clip in out:
        n, m = torch.randint(int(max_fraction * time) + 1, (2,), generator=generator).tolist()
        clip[:n] *= torch.linspace(0, 1, n)
        clip[time - m : time - 1] *= torch.linspace(1, 0, m)[:-1]
    return out
