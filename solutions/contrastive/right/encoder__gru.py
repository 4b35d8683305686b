"""A bidirectional GRU over frames; the last states of both directions."""


class Encoder(nn.Module):
    def __init__(self, hidden=96):
        super().__init__()
        self.norm = nn.LayerNorm(40)
        self.gru = nn.GRU(40, hidden, num_layers=2, batch_first=True, bidirectional=True)
        self.dim = 2 * hidden

    def forward(self, mel):
        _, states = self.gru(self.norm(mel.transpose(1, 2)))
        return torch.cat([states[-2], states[-1]], dim=-1)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(in_dim, 256), nn.Tanh(), nn.Dropout(0.1), nn.Linear(256, out_dim)
        )

    def forward(self, x):
        return self.net(x)
