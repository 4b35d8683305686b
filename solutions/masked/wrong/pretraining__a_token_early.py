"""All clips a token early.
hint: pretraining.time
calibrate: yes
"""


def make_input(mel, generator):
    return torch.cat([mel[:, :, 2:], mel[:, :, -2:]], dim=2)
