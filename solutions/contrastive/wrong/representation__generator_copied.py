"""A copy of the generator is drawn from, so its state never moves on.

hint: representation.same_views
"""


def copied(generator):
    copy = torch.Generator()
    copy.set_state(generator.get_state())
    return copy


def augment_wave(wave, generator):
    return add_noise(wave, 20.0, copied(generator))


def augment_mel(mel, generator):
    return spec_augment(mel, generator=copied(generator))
