"""A mask has its greatest width or none.

hint: spec_augment.few_widths
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    w = torch.randint(2, (batch, 1), generator=generator) * max_mels
    v = torch.randint(2, (batch, 1), generator=generator) * max_frames
    m = (torch.rand(batch, 1, generator=generator) * (n_mels - w + 1)).long()
    f = (torch.rand(batch, 1, generator=generator) * (frames - v + 1)).long()

    def inside(start, width, size):
        at = torch.arange(size)
        return (at >= start) & (at < start + width)

    mask = inside(m, w, n_mels)[:, :, None] | inside(f, v, frames)[:, None]
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)
