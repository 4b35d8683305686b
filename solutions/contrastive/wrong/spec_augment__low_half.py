"""Bands begin in the lower half alone: the start is drawn from half of the axis.
hint: spec_augment.positions
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape

    def span(size, widest):
        width = torch.randint(widest + 1, (batch, 1), generator=generator)
        start = torch.randint(size // 4, (batch, 1), generator=generator)
        at = torch.arange(size)
        return (at >= start) & (at < start + width)

    mask = span(n_mels, max_mels)[:, :, None] | span(frames, max_frames)[:, None]
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)
