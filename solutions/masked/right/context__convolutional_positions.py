"""As in wav2vec 2.0, positions from a wide grouped convolution; small scales."""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.front = nn.Sequential(nn.Conv1d(40, 64, 2, 2), nn.GroupNorm(8, 64), nn.GELU())
        self.position = nn.Conv1d(64, 64, 17, padding=8, groups=8)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(64, 4, 128, 0.1, "gelu", batch_first=True) for _ in range(2)
        )

    def forward(self, mel):
        x = self.front(mel)
        x = (x + F.gelu(self.position(x))).permute(0, 2, 1)
        layers = [x]
        for layer in self.layers:
            layers.append(layer(layers[-1]))
        return tuple(layers)
