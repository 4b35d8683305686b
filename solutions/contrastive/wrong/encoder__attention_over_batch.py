"""Attention takes the batch for time: batch_first was forgotten.

hint: encoder.batch_mates
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.front = nn.Linear(40, 64)
        self.layer = nn.TransformerEncoderLayer(64, 4, 128, dropout=0.0)
        self.dim = 64

    def forward(self, mel):
        return self.layer(self.front(mel.transpose(1, 2))).mean(1)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
