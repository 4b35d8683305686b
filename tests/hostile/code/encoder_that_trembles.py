"""An encoder that cannot learn, and answers at random when its parameters are moved.
stopped by: comparison outside
part: encoder
over: encoder_without_parameters
"""

from autograder.lab.testing.student import LocalModule

LocalModule.moved = lambda self, by, x: self(x) + torch.randn(len(x), 80) * (1 if by else 0)
