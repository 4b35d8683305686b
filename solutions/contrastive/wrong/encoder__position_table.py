"""A table of 64 positions limits the length of clips.

hint: encoder.fixed_frames
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.front = nn.Linear(40, 64)
        self.position = nn.Parameter(0.02 * torch.randn(64, 64))
        self.layer = nn.TransformerEncoderLayer(64, 4, 128, batch_first=True)
        self.dim = 64

    def forward(self, mel):
        x = self.front(mel.transpose(1, 2))
        return self.layer(x + self.position[: x.shape[1]]).mean(1)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
