"""At least one sample is masked, and the start is drawn over all samples, then moved to fit."""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    longest = max(1, int(time * max_fraction))
    lengths = torch.randint(1, longest + 1, (batch,), generator=generator)
    starts = torch.randint(0, time, (batch,), generator=generator)
    starts = torch.min(starts, time - lengths)
    rows = []
    for clip, length, start in zip(wave, lengths.tolist(), starts.tolist()):
        gap = clip.new_zeros(length)
        rows.append(torch.cat([clip[:start], gap, clip[start + length :]]))
    return torch.stack(rows)
