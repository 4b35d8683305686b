"""A band of the clip itself is overwritten.
hint: pretraining.modifies_input
"""


def make_input(mel, generator):
    first = int(torch.randint(34, (1,), generator=generator))
    mel[:, first : first + 6] = mel.mean()
    return mel
