"""A mel band for each clip, one frame span for the batch.
hint: spec_augment.shared_mask
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape

    def span(size, widest, n):
        width = torch.randint(widest + 1, (n, 1), generator=generator)
        start = (torch.rand(n, 1, generator=generator) * (size - width + 1)).long()
        at = torch.arange(size)
        return (at >= start) & (at < start + width)

    mask = span(n_mels, max_mels, batch)[:, :, None] | span(frames, max_frames, 1)[:, None]
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)
