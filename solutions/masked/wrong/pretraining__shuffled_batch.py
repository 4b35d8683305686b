"""The clips of the batch are shuffled.
hint: pretraining.other_clip
calibrate: yes
"""


def make_input(mel, generator):
    return mel[torch.randperm(len(mel), generator=generator)]
