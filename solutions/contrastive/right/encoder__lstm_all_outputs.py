"""An LSTM whose outputs are averaged over time, behind dropout."""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.front = nn.Linear(40, 64)
        self.lstm = nn.LSTM(64, 128)
        self.drop = nn.Dropout(0.2)
        self.dim = 128

    def forward(self, mel):
        x = torch.relu(self.front(mel.permute(2, 0, 1)))
        out, _ = self.lstm(x)
        return self.drop(out.mean(0))


class ProjectionHead(nn.Sequential):
    def __init__(self, in_dim, out_dim=64):
        super().__init__(
            nn.Linear(in_dim, 2 * in_dim), nn.LeakyReLU(), nn.Linear(2 * in_dim, out_dim)
        )
