"""The generator is seeded anew in every call.

hint: representation.same_views
"""


def augment_wave(wave, generator):
    generator.manual_seed(0)
    return wave + 0.01 * torch.randn(wave.shape, generator=generator)


def augment_mel(mel, generator):
    generator.manual_seed(0)
    return mel + 0.1 * torch.randn(mel.shape, generator=generator)
