"""An encoder that cannot learn, whose parameters and gradients the worker makes up.
stopped by: comparison outside
part: encoder
over: reference
"""

from autograder.lab.testing.student import LocalModule


def gradients(self, x, cotangent):
    return {"layer.weight": torch.randn(64, 80), "layer.bias": cotangent.sum(0)}


LocalModule.gradients = gradients
LocalModule.parameter_count = lambda self: 5184
LocalModule.state_dict = lambda self: {
    "layer.weight": torch.ones(64, 80),
    "layer.bias": torch.ones(64),
}


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dim = 80

    def forward(self, mel):
        return torch.cat([mel.mean(2), mel.std(2)], dim=1)
