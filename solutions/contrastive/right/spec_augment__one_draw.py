"""Four numbers for each clip are drawn in one call; masks are compared by broadcasting."""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    shares = torch.rand(4, len(mel), 1, generator=generator, dtype=torch.float64)
    hidden = torch.zeros(mel.shape, dtype=torch.bool)
    for axis, limit, share, place in ((1, max_mels, *shares[:2]), (2, max_frames, *shares[2:])):
        size = mel.shape[axis]
        width = torch.floor(share * (limit + 1))
        first = torch.floor(place * (size - width + 1))
        index = torch.arange(size)
        line = (index >= first) & (index <= first + width - 1)
        hidden |= line.unsqueeze(3 - axis)
    return mel.masked_scatter(hidden, mel.mean((1, 2), keepdim=True).expand_as(mel)[hidden])
