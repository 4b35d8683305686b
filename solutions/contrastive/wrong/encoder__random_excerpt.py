"""Of clips of more than 100 frames an excerpt is taken at random, in eval mode too.

hint: encoder.random_in_eval
"""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.conv = nn.Conv1d(40, 64, 5, padding=2)
        self.out = nn.Linear(64, 64)

    def forward(self, mel):
        if mel.shape[2] > 100:
            start = int(torch.randint(mel.shape[2] - 99, ()))
            mel = mel[:, :, start : start + 100]
        return self.out(F.relu(self.conv(mel)).mean(2))


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 96), nn.ReLU(), nn.Linear(96, out_dim))

    def forward(self, x):
        return self.net(x)
