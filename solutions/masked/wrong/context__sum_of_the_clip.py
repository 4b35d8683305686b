"""Beside every token stands the log-sum-exp of the whole clip, which knows no order.
hint: context.order
"""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.front = nn.Conv1d(40, 64, 2, stride=2)
        self.upper = nn.Linear(128, 64)

    def forward(self, mel):
        x = self.front(mel).mT
        return [x, self.upper(torch.cat([x, x.logsumexp(1, keepdim=True).expand_as(x)], 2))]
