"""Learned positions, stretched to the clip's length; attention pooling with a learned query."""


class Encoder(nn.Module):
    def __init__(self, width=80):
        super().__init__()
        self.dim = width
        self.front = nn.Conv1d(40, width, 3, stride=2, padding=1)
        self.positions = nn.Parameter(0.02 * torch.randn(1, width, 24))
        self.query = nn.Parameter(torch.randn(1, 1, width))
        self.attention = nn.MultiheadAttention(width, 4, dropout=0.1, batch_first=True)
        self.norm = nn.LayerNorm(width)

    def forward(self, mel):
        x = self.front(mel)
        positions = F.interpolate(self.positions, size=x.shape[-1], mode="linear")
        x = (x + positions).transpose(1, 2)
        pooled, _ = self.attention(self.query.expand(len(x), -1, -1), x, x)
        return self.norm(pooled).squeeze(1)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.first = nn.Linear(in_dim, 96)
        self.last = nn.Linear(96, out_dim)

    def forward(self, x):
        return self.last(torch.sin(self.first(x)))
