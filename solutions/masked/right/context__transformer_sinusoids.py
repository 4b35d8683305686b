"""A transformer with sinusoids, normalised first."""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.front = nn.Sequential(nn.Conv1d(40, 64, 3, 2, 1), nn.GELU(), nn.Conv1d(64, 64, 1))
        layer = nn.TransformerEncoderLayer(64, 4, 128, 0.0, batch_first=True, norm_first=True)
        self.lower, self.upper = (nn.TransformerEncoder(layer, 1, enable_nested_tensor=False) for _ in "ab")

    def forward(self, mel):
        x = self.front(mel).transpose(1, 2)
        t = torch.arange(x.shape[1])[:, None] / 10000 ** (torch.arange(0, 64, 2) / 64)
        x = x + torch.stack([t.sin(), t.cos()], 2).flatten(1)
        lower = self.lower(x)
        return (lower, self.upper(lower))
