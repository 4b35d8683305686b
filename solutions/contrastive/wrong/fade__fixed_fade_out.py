"""The fade-in is random, the fade-out always the longest.
hint: fade.fixed_lengths
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    longest = int(max_fraction * time)
    n = torch.randint(longest + 1, (batch, 1), generator=generator)
    t = torch.arange(1, time + 1, dtype=wave.dtype)
    return wave * (t / n).clamp(max=1) * (t.flip(0) / longest).clamp(max=1)
