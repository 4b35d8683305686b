"""A teacher's centred and sharpened distribution (DINO, Caron et al. 2021)."""

import copy


class Objective(nn.Module):
    def __init__(self, encoder, classes=64):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.GELU(), nn.Linear(256, classes)
        )
        self.teacher = copy.deepcopy(nn.Sequential(encoder, self.head)).requires_grad_(False)
        self.register_buffer("centre", torch.zeros(classes))

    def project(self, view):
        return self.head(self.encoder(view))

    def forward(self, view_a, view_b):
        student = F.log_softmax(self.project(torch.cat([view_a, view_b])) / 0.2, dim=1)
        with torch.no_grad():
            logits = self.teacher(torch.cat([view_b, view_a]))
            aim = F.softmax((logits - self.centre) / 0.08, dim=1)
            if self.training:
                self.centre.lerp_(logits.mean(0), 0.1)
        return -(aim * student).sum(1).mean()

    def after_step(self, step, steps):
        online = nn.Sequential(self.encoder, self.head)
        ema_update(self.teacher, online, momentum_at(step, steps, 0.9))
