"""The GRU begins each batch with the state in which it ended the last one.

hint: context.random_in_eval
"""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 128
        self.front = nn.Conv1d(40, 128, 2, stride=2)
        self.gru = nn.GRU(128, 64, bidirectional=True, batch_first=True)
        self.state = None

    def forward(self, mel):
        front = self.front(mel).transpose(1, 2)
        if self.state is not None and self.state.shape[1] != len(mel):
            self.state = None
        out, state = self.gru(front, self.state)
        self.state = state.detach()
        return [front, out]
