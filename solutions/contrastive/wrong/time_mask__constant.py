"""The middle of every clip is zeroed, nothing is random.
hint: time_mask.not_random
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    time = wave.shape[1]
    length = int(max_fraction * time)
    out = wave.clone()
    out[:, (time - length) // 2 : (time + length) // 2] = 0
    return out
