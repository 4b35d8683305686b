"""The means are squeezed, so those of a batch of one lose their only axis.

hint: spec_augment.any_size
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    mean = mel.mean(dim=(1, 2), keepdim=True).squeeze()

    def span(size, widest):
        width = torch.randint(widest + 1, (batch, 1), generator=generator)
        start = (torch.rand(batch, 1, generator=generator) * (size - width + 1)).long()
        at = torch.arange(size)
        return (at >= start) & (at < start + width)

    mask = span(n_mels, max_mels)[:, :, None] | span(frames, max_frames)[:, None]
    return torch.where(mask, mean[:, None, None], mel)
