"""The defaults are written into the body.
hint: spec_augment.ignores_limits
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape

    def span(size, widest):
        width = torch.randint(widest + 1, (batch, 1), generator=generator)
        start = (torch.rand(batch, 1, generator=generator) * (size - width + 1)).long()
        at = torch.arange(size)
        return (at >= start) & (at < start + width)

    mask = span(n_mels, 6)[:, :, None] | span(frames, 8)[:, None]
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)
