"""The defaults are one too small, though the arguments are used as they should be.

hint: spec_augment.default_widths
"""


def spec_augment(mel, max_mels=5, max_frames=7, generator=None):
    batch, n_mels, frames = mel.shape

    def span(size, widest):
        width = torch.randint(widest + 1, (batch, 1), generator=generator)
        start = (torch.rand(batch, 1, generator=generator) * (size - width + 1)).long()
        at = torch.arange(size)
        return (at >= start) & (at < start + width)

    mask = span(n_mels, max_mels)[:, :, None] | span(frames, max_frames)[:, None]
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)
