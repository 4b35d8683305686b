"""A criterion class with the function as a thin wrapper, typed."""


class NTXent(nn.Module):
    def __init__(self, temperature: float) -> None:
        super().__init__()
        self.temperature = temperature

    def forward(self, z_a: Tensor, z_b: Tensor) -> Tensor:
        batch = z_a.shape[0]
        z = F.normalize(torch.vstack([z_a, z_b]), dim=1, eps=1e-8)
        sim = z.mm(z.t().contiguous()) / self.temperature
        sim = torch.where(torch.eye(2 * batch, dtype=torch.bool), -torch.inf, sim)
        target = torch.arange(2 * batch)
        target[:batch] += batch
        target[batch:] -= batch
        return F.nll_loss(F.log_softmax(sim, dim=1), target)


def info_nce(z_a: Tensor, z_b: Tensor, temperature: float = 0.2) -> Tensor:
    return NTXent(temperature)(z_a, z_b)
