"""Both masks of a clip have the same width.
hint: spec_augment.same_width
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    width = torch.randint(min(max_mels, max_frames) + 1, (batch, 1), generator=generator)

    def span(size):
        start = (torch.rand(batch, 1, generator=generator) * (size - width + 1)).long()
        at = torch.arange(size)
        return (at >= start) & (at < start + width)

    mask = span(n_mels)[:, :, None] | span(frames)[:, None]
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)
