"""Everything happens on the waveform; the spectrogram is left alone."""


def augment_wave(wave, generator):
    snr = torch.empty(len(wave)).uniform_(5, 30, generator=generator)
    return time_mask(add_noise(wave, snr, generator), generator=generator)


def augment_mel(mel, generator):
    return mel
