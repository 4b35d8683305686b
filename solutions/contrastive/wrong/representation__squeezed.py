"""A squeeze without an axis drops the batch of a single clip.

hint: representation.shape
"""


def augment_wave(wave, generator):
    return wave


def augment_mel(mel, generator):
    gain = 0.8 + 0.4 * torch.rand(len(mel), 1, 1, 1, generator=generator)
    return (mel[:, None] * gain).squeeze()
