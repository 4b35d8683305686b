"""Time is stretched, and the clip has another length afterwards.

hint: representation.shape
calibrate: yes
"""


def augment_wave(wave, generator):
    return wave


def augment_mel(mel, generator):
    rate = 0.8 + 0.4 * torch.rand(1, generator=generator).item()
    return F.interpolate(mel, scale_factor=rate, mode="linear")
