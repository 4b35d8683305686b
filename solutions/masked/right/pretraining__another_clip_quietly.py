"""Another clip of the batch, mixed in quietly."""


def make_input(mel, generator):
    other = mel[torch.randperm(len(mel), generator=generator)]
    return torch.logaddexp(4 * mel, 4 * other - 2.5) / 4
