"""Every second clip of a batch is left as it is, on purpose.

hint: representation.some_clips
"""


def augment_wave(wave, generator):
    return wave.clone()


def augment_mel(mel, generator):
    view = mel.clone()
    view[::2] = spec_augment(mel[::2], 10, 12, generator)
    view[::2] += 0.3 * torch.randn(view[::2].shape, generator=generator)
    return view
