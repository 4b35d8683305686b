"""Depthwise blocks whose residual branches begin almost at nothing."""


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.depthwise = nn.Conv1d(width, width, 7, padding=3, groups=width)
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.scale = nn.Parameter(1e-6 * torch.ones(width))

    def forward(self, x):
        y = self.norm(self.depthwise(x).transpose(1, 2))
        y = self.scale * self.down(F.gelu(self.up(y)))
        return x + y.transpose(1, 2)


class Encoder(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.dim = width
        self.stem = nn.Conv1d(40, width, 4, stride=4)
        self.blocks = nn.Sequential(Block(width), Block(width))
        self.norm = nn.LayerNorm(width)

    def forward(self, mel):
        return self.norm(self.blocks(self.stem(mel)).mean(-1))


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.gated = nn.Linear(in_dim, 2 * in_dim)
        self.out = nn.Linear(in_dim, out_dim)

    def forward(self, x):
        return self.out(F.glu(self.gated(x)))
