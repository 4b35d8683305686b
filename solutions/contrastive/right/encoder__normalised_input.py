"""Input standardised per clip without a gradient; depthwise convolutions; swish."""


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 120
        layers = []
        for _ in range(3):
            layers += [
                nn.Conv1d(40, 40, 9, padding=4, groups=40),
                nn.Conv1d(40, 40, 1),
                nn.SiLU(),
            ]
        self.layers = nn.Sequential(*layers)

    def forward(self, mel):
        with torch.no_grad():
            mean = mel.mean((1, 2), keepdim=True)
            mel = (mel - mean) / (mel.std((1, 2), keepdim=True) + 1e-5)
        thirds = torch.tensor_split(self.layers(mel), 3, dim=2)
        return torch.cat([part.mean(2) for part in thirds], dim=1)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.layer1 = nn.Linear(in_dim, 300)
        self.layer2 = nn.Linear(300, out_dim)
        nn.init.orthogonal_(self.layer2.weight)
        nn.init.zeros_(self.layer2.bias)

    def forward(self, x):
        x = F.dropout(F.relu(self.layer1(x)), 0.3, self.training)
        return F.layer_norm(self.layer2(x), (self.layer2.out_features,))
