"""The mean is subtracted, masked cells become zero, the mean is added again."""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch = mel.shape[0]
    mean = mel.flatten(1).mean(1).view(batch, 1, 1)
    centred = mel - mean
    for dim, widest in ((1, max_mels), (2, max_frames)):
        size = mel.shape[dim]
        width = torch.randint(0, widest + 1, (batch, 1), generator=generator)
        start = (torch.rand(batch, 1, generator=generator) * (size - width + 1)).long()
        index = torch.arange(size)[None]
        mask = (index >= start) & (index < start + width)
        centred = centred.masked_fill(mask[:, :, None] if dim == 1 else mask[:, None, :], 0)
    return centred + mean
