"""A linear layer over 24 tokens.
hint: context.any_length
"""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.front = nn.Conv1d(40, 64, 2, stride=2)
        self.mix = nn.Linear(24, 24)

    def forward(self, mel):
        x = torch.relu(self.front(mel))
        return [x.mT, self.mix(x).mT]
