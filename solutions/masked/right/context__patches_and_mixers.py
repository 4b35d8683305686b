"""Pairs of frames, mixed by wide separable convolutions."""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 128
        self.front = nn.Conv2d(1, 128, (40, 2), stride=2)
        self.mixers = nn.ModuleList(
            nn.Sequential(
                nn.Conv1d(128, 128, 15, padding=7, groups=128),
                nn.GroupNorm(1, 128),
                nn.Conv1d(128, 256, 1),
                nn.GELU(),
                nn.Conv1d(256, 128, 1),
            )
            for _ in range(3)
        )

    def forward(self, mel):
        x = self.front(mel[:, None])[:, :, 0]
        out = [x]
        for mixer in self.mixers:
            x = x + mixer(x)
            out.append(x)
        return [y.mT for y in out]
