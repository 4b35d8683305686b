"""The clips of the batch are shuffled.
hint: pretraining.other_clip
"""


def make_input(mel, generator):
    return mel[torch.randperm(len(mel), generator=generator)]
