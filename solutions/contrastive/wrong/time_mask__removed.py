"""The stretch is cut out and the clip closes up.
hint: time_mask.fill
"""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    rows = []
    for clip in wave:
        length = torch.randint(0, int(max_fraction * time) + 1, (1,), generator=generator).item()
        start = torch.randint(0, time - length + 1, (1,), generator=generator).item()
        rows.append(torch.cat([clip[:start], clip[start + length :], clip.new_zeros(length)]))
    return torch.stack(rows)
