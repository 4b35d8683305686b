"""The mean of the clip is added to every token.
hint: context.order
"""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.front = nn.Conv1d(40, 64, 2, stride=2)
        self.upper = nn.Linear(64, 64)

    def forward(self, mel):
        x = torch.relu(self.front(mel)).mT
        return [x, self.upper(x + x.mean(1, keepdim=True))]
