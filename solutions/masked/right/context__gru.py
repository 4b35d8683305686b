"""A bidirectional GRU over pairs of frames."""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 128
        self.front = nn.Linear(80, 128)
        self.gru = nn.GRU(128, 64, bidirectional=True, batch_first=True)

    def forward(self, mel):
        pairs = mel.transpose(1, 2).unflatten(1, (-1, 2)).flatten(2)
        front = torch.relu(self.front(pairs))
        return front, self.gru(front)[0]
