"""A random crop is not brought back to the clip's length.

hint: representation.shape
"""


def augment_wave(wave, generator):
    start = int(torch.randint(0, 500, (1,), generator=generator))
    return wave[:, start : start + 5500]


def augment_mel(mel, generator):
    return spec_augment(mel, generator=generator)
