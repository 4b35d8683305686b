"""The view is made and not returned.

hint: representation.not_a_tensor
"""


def augment_wave(wave, generator):
    noisy = add_noise(wave, 20.0, generator)
    noisy = noisy.clamp(-1, 1)


def augment_mel(mel, generator):
    return spec_augment(mel, generator=generator)
