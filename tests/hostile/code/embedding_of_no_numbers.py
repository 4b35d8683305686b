"""Embeddings without a single dimension, which a suite has not thought of.
stopped by: comparison outside
part: encoder
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 0
        self.layer = nn.Linear(40, 4)

    def forward(self, mel):
        return self.layer(mel.mean(2))[:, :0]


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()

    def forward(self, x):
        return x
