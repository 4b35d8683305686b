"""Spectrally normalised layers, noise on the input while training, padding of short clips."""

spectral_norm = nn.utils.parametrizations.spectral_norm


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = spectral_norm(nn.Conv1d(40, 64, 8, stride=4))
        self.two = spectral_norm(nn.Conv1d(64, 100, 8, stride=4))
        self.dim = 100

    def forward(self, mel):
        if self.training:
            mel = mel + 0.1 * torch.randn_like(mel)
        if mel.shape[2] < 48:
            mel = F.pad(mel, (0, 48 - mel.shape[2]), value=-0.8)
        return torch.tanh(self.two(F.mish(self.one(mel)))).mean(2)


class ProjectionHead(nn.Module):
    def __init__(self, in_dim, out_dim=64):
        super().__init__()
        self.experts = nn.ModuleList(nn.Linear(in_dim, out_dim) for _ in range(2))

    def forward(self, x):
        return self.experts[0](x) * torch.sigmoid(self.experts[1](x))
