"""The frames of the clip in random order.
hint: pretraining.not_recognisable
"""


def make_input(mel, generator):
    return mel[:, :, torch.randperm(mel.shape[2], generator=generator)]
