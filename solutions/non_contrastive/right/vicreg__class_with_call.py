"""Terms of an object that is called; covariance by float64 sums of outer products."""


class Terms:
    def __init__(self, z):
        self.z, self.n = z, len(z)
        self.centred = z - z.mean(dim=0, keepdim=True)

    def hinge(self, gamma):
        deviation = (self.centred.pow(2).sum(0) / (self.n - 1) + 1e-4) ** 0.5
        return torch.where(deviation < gamma, gamma - deviation, torch.zeros_like(deviation)).mean()

    def __call__(self):
        x = self.centred.double()
        matrix = (x[:, :, None] * x[:, None, :]).sum(0) / (self.n - 1)
        squares = (matrix - torch.diag(matrix.diagonal())).pow(2)
        return (squares.sum() / self.z.shape[1]).to(self.z.dtype)


def invariance(z_a, z_b):
    return torch.stack([a.sub(b).square().mean() for a, b in zip(z_a, z_b)]).mean()


def variance(z, gamma=1.0):
    return Terms(z).hinge(gamma)


def covariance(z):
    return Terms(z)()


def vicreg(z_a, z_b, sim=25.0, var=25.0, cov=1.0):
    a, b = Terms(z_a), Terms(z_b)
    spread = (a.hinge(1.0) + b.hinge(1.0)) / 2
    return sim * invariance(z_a, z_b) + var * spread + cov * (a() + b())
