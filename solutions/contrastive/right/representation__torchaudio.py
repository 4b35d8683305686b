"""torchaudio's masks and filters.

calibrate: 8
"""

frequency_mask = torchaudio.transforms.FrequencyMasking(8)
time_masking = torchaudio.transforms.TimeMasking(10)


def augment_wave(wave, generator):
    cutoff = 1500 + 2000 * torch.rand(1, generator=generator).item()
    return torchaudio.functional.lowpass_biquad(wave, 8000, cutoff)


def augment_mel(mel, generator):
    return time_masking(frequency_mask(mel.clone()))
