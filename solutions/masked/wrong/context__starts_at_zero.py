"""What comes from neighbours is scaled by a number that starts at zero.
hint: context.deaf
"""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.front = nn.Conv1d(40, 64, 2, stride=2)
        self.mix = nn.Conv1d(64, 64, 17, padding=8)
        self.scale = nn.Parameter(torch.zeros(1))

    def forward(self, mel):
        x = torch.relu(self.front(mel))
        return [x.mT, (x + self.scale * self.mix(x)).mT]
