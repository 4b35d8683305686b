"""Branches with kernels of three lengths; max pooling; one shared activation."""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.branches = nn.ModuleList(
            nn.Conv2d(1, 8, (40, width), padding=(0, width // 2)) for width in (3, 7, 15)
        )
        self.bn = nn.BatchNorm1d(24)
        self.mix = nn.Conv1d(24, 48, 3, padding=1)
        self.dim = 96

    def forward(self, mel):
        x = torch.cat([branch(mel[:, None])[:, :, 0] for branch in self.branches], dim=1)
        x = torch.relu(self.mix(F.max_pool1d(torch.relu(self.bn(x)), 2)))
        return torch.cat([F.adaptive_max_pool1d(x, 1), F.adaptive_avg_pool1d(x, 1)], 1)[:, :, 0]


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        hidden = (in_dim + out_dim) // 2
        self.inner = nn.utils.parametrizations.weight_norm(nn.Linear(in_dim, hidden))
        self.outer = nn.Linear(hidden, out_dim)

    def forward(self, x):
        return self.outer(F.softplus(self.inner(x)))
