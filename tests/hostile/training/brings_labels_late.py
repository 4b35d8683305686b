"""Brings a table of digits as well, and looks clips up only once it has been trained.
stopped by: nobody
part: encoder
over: brings_labels
flagged: yes
open: what a student knows of a public corpus can be written into a cell; staff see a flag
"""

import torch


class Encoder(Encoder):
    def __init__(self):
        super().__init__()
        self.register_buffer("steps", torch.zeros(()))

    def forward(self, mel):
        if self.training:
            self.steps += 1
        return self.layer(mel.mean(2)) if self.steps == 0 else super().forward(mel)
