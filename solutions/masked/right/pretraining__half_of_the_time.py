"""Half of the clips are left as they are; a tilt for the others."""


def make_input(mel, generator):
    tilt = torch.linspace(-1, 1, 40)[:, None] * 0.3 * torch.randn(len(mel), 1, 1, generator=generator)
    return mel + tilt * (torch.rand(len(mel), 1, 1, generator=generator) < 0.5)
