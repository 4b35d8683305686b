"""The ramp divides by the clip's time, not by its own length.
hint: fade.not_to_full
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    n = torch.randint(int(max_fraction * time) + 1, (2, batch, 1), generator=generator)
    t = torch.arange(time)
    rise = torch.where(t < n[0], t / time, 1.0)
    fall = torch.where(t.flip(0) < n[1], t.flip(0) / time, 1.0)
    return wave * rise * fall
