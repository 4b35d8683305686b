"""A GRU in one direction.
hint: context.one_sided
"""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.front = nn.Conv1d(40, 64, 2, stride=2)
        self.gru = nn.GRU(64, 64, batch_first=True)

    def forward(self, mel):
        x = torch.relu(self.front(mel)).mT
        return [x, self.gru(x)[0]]
