"""Both masks always have their greatest width.
hint: spec_augment.fixed_width
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape

    def span(size, width):
        start = torch.randint(size - width + 1, (batch, 1), generator=generator)
        at = torch.arange(size)
        return (at >= start) & (at < start + width)

    mask = span(n_mels, max_mels)[:, :, None] | span(frames, max_frames)[:, None]
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)
