"""Convolutions in two dimensions, then a bidirectional LSTM."""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.Conv2d(1, 8, 3, (2, 2), 1), nn.ReLU(), nn.Conv2d(8, 16, 3, (2, 1), 1), nn.ReLU()
        )
        self.project = nn.Linear(160, 100)
        self.lstm = nn.LSTM(100, 50, num_layers=2, bidirectional=True, batch_first=True)
        self.dim = 100

    def forward(self, mel):
        h = self.convolutions(mel.unsqueeze(1)).flatten(1, 2).transpose(1, 2)
        front = self.project(h)
        return [front, self.lstm(front)[0]]
