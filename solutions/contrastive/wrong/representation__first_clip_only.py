"""Only the first clip of a batch is changed.

hint: representation.some_clips
"""


def augment_wave(wave, generator):
    view = wave.clone()
    view[0] += 0.01 * torch.randn(wave.shape[1], generator=generator)
    return view


def augment_mel(mel, generator):
    view = mel.clone()
    view[0] += 0.1 * torch.randn(mel.shape[1:], generator=generator)
    return view
