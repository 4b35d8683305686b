"""1-D convolutions over time with mel bands as channels; group normalisation; GELU."""


class Encoder(nn.Module):
    dim = 192

    def __init__(self):
        super().__init__()
        widths = [40, 64, 128, 192]
        self.layers = nn.ModuleList()
        for before, after in zip(widths, widths[1:]):
            self.layers.append(nn.Conv1d(before, after, 5, stride=2, padding=2))
            self.layers.append(nn.GroupNorm(8, after))
            self.layers.append(nn.GELU())

    def forward(self, mel):
        for layer in self.layers:
            mel = layer(mel)
        return mel.mean(-1)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.a = nn.Linear(in_dim, 128)
        self.norm = nn.LayerNorm(128)
        self.b = nn.Linear(128, out_dim)

    def forward(self, x):
        return F.normalize(self.b(F.gelu(self.norm(self.a(x)))), dim=-1)
