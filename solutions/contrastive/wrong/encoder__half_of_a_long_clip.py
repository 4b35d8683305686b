"""Of a long clip one half is heard, the first or the second as it comes, in eval mode too.

hint: encoder.random_in_eval
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.conv = nn.Conv1d(40, 64, 9, stride=2, padding=4)
        self.out = nn.Linear(64, 64)

    def forward(self, mel):
        if mel.shape[2] >= 200:
            half = mel.shape[2] // 2
            mel = mel[:, :, :half] if random.random() < 0.5 else mel[:, :, half:]
        return self.out(F.relu(self.conv(mel)).mean(2))


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 96), nn.ReLU(), nn.Linear(96, out_dim))

    def forward(self, x):
        return self.net(x)
