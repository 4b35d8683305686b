"""A loop leaves the last clip of a batch out.

hint: representation.some_clips
"""


def augment_wave(wave, generator):
    return wave.clone()


def augment_mel(mel, generator):
    view = mel.clone()
    for i in range(len(mel) - 1):
        view[i] += 0.2 * torch.randn((), generator=generator)
    return view
