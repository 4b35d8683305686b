"""An LSTM takes the batch for time: batch_first was forgotten.

hint: encoder.batch_mates
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(40, 96)
        self.dim = 96

    def forward(self, mel):
        out, _ = self.lstm(mel.transpose(1, 2))
        return out[:, -1]


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 128), nn.ReLU(), nn.Linear(128, out_dim))

    def forward(self, x):
        return self.net(x)
