"""A smooth random equaliser.

calibrate: 16
"""


def make_input(mel, generator):
    gain = 0.2 * torch.randn(len(mel), 40, 1, generator=generator)
    return mel + F.avg_pool1d(gain.transpose(1, 2), 9, 1, 4, count_include_pad=False).transpose(1, 2)
