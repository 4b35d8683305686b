"""Random crops stretched back to the clip's length, by interpolation.

calibrate: 8
"""


def stretch(x, generator):
    n = x.shape[-1]
    length = int(torch.randint(int(0.7 * n), n + 1, (1,), generator=generator))
    start = int(torch.randint(0, n - length + 1, (1,), generator=generator))
    return F.interpolate(x[..., start : start + length], size=n, mode="linear")


def augment_wave(wave, generator):
    return stretch(wave[:, None], generator)[:, 0]


def augment_mel(mel, generator):
    return stretch(mel, generator).contiguous()
