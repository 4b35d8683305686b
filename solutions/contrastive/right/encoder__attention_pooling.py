"""Convolutions and attention pooling over time; mean and deviation of the attended frames."""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(40, 128, 3, padding=1)
        self.conv2 = nn.Conv1d(128, 128, 3, padding=1, stride=2)
        self.norm = nn.InstanceNorm1d(128, affine=True)
        self.score = nn.Conv1d(128, 1, 1)
        self.dim = 256

    def forward(self, mel):
        x = F.relu(self.conv2(F.relu(self.norm(self.conv1(mel)))))
        weight = self.score(x).softmax(dim=2)
        mean = (x * weight).sum(2)
        deviation = ((x - mean[:, :, None]) ** 2 * weight).sum(2).add(1e-5).sqrt()
        return torch.cat([mean, deviation], dim=1)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.hidden = nn.Linear(in_dim, 100)
        self.out = nn.Linear(100, out_dim)
        self.last = nn.BatchNorm1d(out_dim, affine=False)

    def forward(self, x):
        return self.last(self.out(torch.sigmoid(self.hidden(x))))
