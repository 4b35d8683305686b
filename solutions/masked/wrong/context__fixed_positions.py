"""A table of positions for 24 tokens.
hint: context.any_length
"""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.front = nn.Conv1d(40, 64, 2, stride=2)
        self.position = nn.Parameter(0.3 * torch.randn(24, 64))
        self.layer = nn.TransformerEncoderLayer(64, 4, 128, batch_first=True)

    def forward(self, mel):
        x = self.front(mel).mT + self.position
        return [x, self.layer(x)]
