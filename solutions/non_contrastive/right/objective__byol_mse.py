"""BYOL in one batch, squared distance of unit vectors, a steady momentum of 0.9."""

from copy import deepcopy


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.projector = self.mlp(encoder.dim, 64)
        self.predictor = self.mlp(64, 64)
        self.slow = nn.ModuleList([deepcopy(encoder), deepcopy(self.projector)])
        for parameter in self.slow.parameters():
            parameter.requires_grad = False

    @staticmethod
    def mlp(inputs, outputs):
        return nn.Sequential(
            nn.Linear(inputs, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, outputs)
        )

    def project(self, view):
        return self.projector(self.encoder(view))

    def forward(self, view_a, view_b):
        both = torch.cat((view_a, view_b))
        p = F.normalize(self.predictor(self.project(both)), dim=-1)
        with torch.no_grad():
            encoder, projector = self.slow
            z = F.normalize(projector(encoder(both)), dim=-1)
        return (p - z.roll(len(view_a), 0)).pow(2).sum(-1).mean()

    @torch.no_grad()
    def after_step(self, step, steps):
        slow = [*self.slow.parameters(), *self.slow.buffers()]
        fast = nn.ModuleList([self.encoder, self.projector])
        for s, f in zip(slow, [*fast.parameters(), *fast.buffers()], strict=True):
            if s.dtype.is_floating_point:
                s.lerp_(f, 0.1)
            else:
                s.copy_(f)
