"""Every clip of a batch is moved along time by the same number of frames.

calibrate: 8
"""


def augment_wave(wave, generator):
    return wave + 1e-3 * torch.randn(wave.shape, generator=generator)


def augment_mel(mel, generator):
    shift = int(torch.randint(-8, 9, (1,), generator=generator))
    return torch.roll(mel, shift, dims=2)
