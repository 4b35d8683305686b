"""Two transformer layers with learned positions."""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 96
        self.front = nn.Conv1d(40, 96, 2, stride=2)
        self.position = nn.Parameter(0.5 * torch.randn(128, 96))
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(96, 4, 192, dropout=0.1, batch_first=True) for _ in range(2)
        )

    def forward(self, mel):
        x = self.front(mel).transpose(1, 2)
        x = x + self.position[: x.shape[1]]
        out = [x]
        for layer in self.layers:
            x = layer(x)
            out.append(x)
        return out
