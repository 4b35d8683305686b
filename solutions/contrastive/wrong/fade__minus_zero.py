"""A fade-out of no samples is laid over all of the clip.

hint: fade.sometimes_raises
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    rows = []
    for clip in wave:
        n, m = torch.randint(int(max_fraction * time) + 1, (2,), generator=generator).tolist()
        gain = torch.ones_like(clip)
        gain[:n] *= torch.linspace(0, 1, n, dtype=wave.dtype)
        gain[-m:] *= torch.linspace(1, 0, m, dtype=wave.dtype)
        rows.append(clip * gain)
    return torch.stack(rows)
