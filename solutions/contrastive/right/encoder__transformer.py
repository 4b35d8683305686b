"""A small transformer with sinusoidal positions made for the clip's length; a class token."""


def positions(length, width):
    at = torch.arange(length).unsqueeze(1)
    rate = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
    table = torch.zeros(length, width)
    table[:, 0::2] = torch.sin(at * rate)
    table[:, 1::2] = torch.cos(at * rate)
    return table


class Encoder(nn.Module):
    def __init__(self, width=96):
        super().__init__()
        self.dim = width
        self.patch = nn.Conv1d(40, width, 4, stride=4)
        self.token = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        layer = nn.TransformerEncoderLayer(width, 4, 192, dropout=0.1, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 2)

    def forward(self, mel):
        x = self.patch(mel).transpose(1, 2)
        x = x + positions(x.shape[1], self.dim).to(x)
        x = torch.cat([self.token.expand(len(x), -1, -1), x], dim=1)
        return self.layers(x)[:, 0]


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.fc1 = nn.Linear(in_dim, in_dim)
        self.fc2 = nn.Linear(in_dim, out_dim)

    def forward(self, x):
        return self.fc2(F.silu(self.fc1(x)))
