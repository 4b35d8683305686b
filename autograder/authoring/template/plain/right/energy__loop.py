"""A loop over waves and frames."""


def frame_power(wave, size=256, hop=128):
    rows = []
    for clip in wave:
        starts = range(0, len(clip) - size + 1, hop)
        rows.append(torch.stack([(clip[start : start + size] ** 2).mean() for start in starts]))
    return torch.stack(rows)
