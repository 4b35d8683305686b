"""Every second clip, tossed for each, runs backwards.

hint: pretraining.time
"""


def make_input(mel, generator):
    backwards = torch.rand(len(mel), 1, 1, generator=generator) < 0.5
    return torch.where(backwards, mel.flip(2), mel)
