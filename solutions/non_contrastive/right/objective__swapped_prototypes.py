"""Balanced assignments to prototypes, swapped between views (SwAV, Caron et al. 2020)."""


class Objective(nn.Module):
    def __init__(self, encoder, prototypes=60):
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 64)
        )
        self.prototypes = nn.Linear(64, prototypes, bias=False)

    def project(self, view):
        return self.head(self.encoder(view))

    @torch.no_grad()
    def balanced(self, scores):
        q = torch.exp((scores - scores.max()) / 0.05)
        for _ in range(3):
            q = q / q.sum(0, keepdim=True).clamp_min(1e-12)
            q = q / q.sum(1, keepdim=True).clamp_min(1e-12)
        return q

    def forward(self, view_a, view_b):
        weight = F.normalize(self.prototypes.weight, dim=1)
        s_a, s_b = (F.normalize(self.project(v), dim=1) @ weight.T for v in (view_a, view_b))
        q_a, q_b = self.balanced(s_a), self.balanced(s_b)
        told_a = (q_b * F.log_softmax(s_a / 0.1, dim=1)).sum(1)
        told_b = (q_a * F.log_softmax(s_b / 0.1, dim=1)).sum(1)
        return -(told_a + told_b).mean() / 2

    def after_step(self, step, steps):
        pass
