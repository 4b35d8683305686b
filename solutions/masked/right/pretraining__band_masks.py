"""A band of frequency is hidden."""


def make_input(mel, generator):
    out = mel.clone()
    for clip in out:
        width = int(torch.randint(7, (1,), generator=generator))
        first = int(torch.randint(41 - width, (1,), generator=generator))
        clip[first : first + width] = clip.mean()
    return out
