"""A typed function, scripted, whose aim is detached inside."""


@torch.jit.script
def mean_cosine(p: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
    aim = z.detach()
    lengths = torch.sqrt(torch.sum(p * p, 1) * torch.sum(aim * aim, 1))
    return torch.mean(torch.sum(p * aim, 1) / lengths)


def negative_cosine(p, z):
    return mean_cosine(p, z).neg()


def siamese_loss(p_a, p_b, z_a, z_b):
    return torch.stack([negative_cosine(p_a, z_b), negative_cosine(p_b, z_a)]).mean()
