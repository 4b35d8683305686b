"""A fixed cosine transform kept as a buffer, deltas, statistics over time, then an MLP."""


def cosine_transform(n_out, n_in):
    k = torch.arange(n_out)[:, None]
    n = torch.arange(n_in)[None]
    return torch.cos(math.pi / n_in * (n + 0.5) * k) * math.sqrt(2 / n_in)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("transform", cosine_transform(20, 40))
        self.net = nn.Sequential(nn.Linear(80, 256), nn.LayerNorm(256), nn.Tanh())
        self.out = nn.Linear(256, 128)
        self.dim = 128

    def forward(self, mel):
        cepstrum = self.transform @ mel
        delta = cepstrum[:, :, 1:] - cepstrum[:, :, :-1]
        parts = [cepstrum.mean(2), cepstrum.std(2), delta.abs().mean(2), delta.std(2)]
        return self.out(self.net(torch.cat(parts, 1)))


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.w1 = nn.Parameter(torch.randn(in_dim, 50) / math.sqrt(in_dim))
        self.w2 = nn.Parameter(torch.randn(50, out_dim) / math.sqrt(50))

    def forward(self, x):
        return torch.relu(x @ self.w1) @ self.w2
