"""Attention with a mask as in a language model.
hint: context.one_sided
"""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.front = nn.Conv1d(40, 64, 2, stride=2)
        self.position = nn.Parameter(0.3 * torch.randn(128, 64))
        self.layer = nn.TransformerEncoderLayer(64, 4, 128, 0.0, batch_first=True)

    def forward(self, mel):
        x = self.front(mel).mT
        x = x + self.position[: x.shape[1]]
        later = torch.triu(torch.ones(x.shape[1], x.shape[1], dtype=torch.bool), 1)
        return [x, self.layer(x, src_mask=later)]
