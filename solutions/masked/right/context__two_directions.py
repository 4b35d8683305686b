"""One stack hears the past, another the future."""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.front = nn.Conv1d(40, 64, 2, stride=2)
        self.past, self.future = nn.GRU(64, 32, batch_first=True), nn.GRU(64, 32, batch_first=True)

    def forward(self, mel):
        x = torch.tanh(self.front(mel)).mT
        past, future = self.past(x)[0], self.future(x.flip(1))[0].flip(1)
        return [x, torch.cat([past, future], dim=2)]
