"""A learned table of 1000 positions, and clips may be longer.

hint: encoder.long_clips
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.front = nn.Linear(40, 64)
        self.positions = nn.Embedding(1000, 64)
        self.layer = nn.TransformerEncoderLayer(64, 4, 128, dropout=0.0, batch_first=True)

    def forward(self, mel):
        x = self.front(mel.mT)
        x = x + self.positions(torch.arange(x.shape[1]))
        return self.layer(x).mean(1)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 96), nn.ReLU(), nn.Linear(96, out_dim))

    def forward(self, x):
        return self.net(x)
