"""Barlow Twins and VICReg together, half and half, on one head."""


class Objective(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.net = nn.ModuleDict(
            {
                "encoder": encoder,
                "head": nn.Sequential(
                    nn.Linear(encoder.dim, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 96)
                ),
            }
        )

    def project(self, view):
        return self.net["head"](self.net["encoder"](view))

    def forward(self, view_a, view_b):
        z_a, z_b = self.project(view_a), self.project(view_b)
        return (vicreg(z_a, z_b) + barlow_twins(z_a, z_b)).reshape(1) / 2

    def after_step(self, step, steps):
        """Nothing."""
