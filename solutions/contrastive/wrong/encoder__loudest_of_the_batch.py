"""The input is divided by the loudest value of the batch.

hint: encoder.batch_mates
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 80
        self.conv = nn.Conv1d(40, 80, 5, stride=2)

    def forward(self, mel):
        return torch.relu(self.conv(mel / mel.abs().max())).mean(2)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(in_dim, in_dim), nn.GELU(), nn.Linear(in_dim, out_dim))

    def forward(self, x):
        return self.mlp(x)
