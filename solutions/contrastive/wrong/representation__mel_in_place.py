"""Masks are written into the spectrogram itself.

hint: representation.in_place
"""


def augment_wave(wave, generator):
    return wave


def augment_mel(mel, generator):
    for clip in mel:
        start = int(torch.randint(0, mel.shape[2] - 8, (1,), generator=generator))
        clip[:, start : start + 8] = clip.mean()
    return mel
