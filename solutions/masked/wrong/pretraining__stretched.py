"""Another tempo, which the labels do not know of.
hint: pretraining.time
"""


def make_input(mel, generator):
    rows = []
    for clip in mel:
        tempo = 0.65 if torch.rand(1, generator=generator) < 0.5 else 1.5
        place = (tempo * torch.arange(mel.shape[2])).clamp(max=mel.shape[2] - 1).long()
        rows.append(clip[:, place])
    return torch.stack(rows)
