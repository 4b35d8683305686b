"""A transformer whose weights all start at .02 of a normal distribution."""


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 64
        self.front = nn.Linear(80, 64)
        self.position = nn.Embedding(128, 64)
        self.encoder = nn.ModuleList(
            nn.TransformerEncoderLayer(64, 2, 128, batch_first=True) for _ in range(3)
        )
        for module in self.modules():
            if isinstance(module, (nn.Linear, nn.Embedding)):
                nn.init.normal_(module.weight, std=0.02)
            if isinstance(module, nn.MultiheadAttention):
                nn.init.normal_(module.in_proj_weight, std=0.02)

    def forward(self, mel):
        x = self.front(mel.mT.unflatten(1, (-1, 2)).flatten(2))
        x = x + self.position(torch.arange(x.shape[1]))
        layers = [x]
        for layer in self.encoder:
            layers.append(layer(layers[-1]))
        return layers
