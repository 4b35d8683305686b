"""Band and span begin at the same share of their axes.

hint: spec_augment.same_place
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    w = torch.randint(max_mels + 1, (batch, 1), generator=generator)
    v = torch.randint(max_frames + 1, (batch, 1), generator=generator)
    place = torch.rand(batch, 1, generator=generator)
    m, f = (place * (n_mels - w)).round().long(), (place * (frames - v)).round().long()

    def inside(start, width, size):
        at = torch.arange(size)
        return (at >= start) & (at < start + width)

    mask = inside(m, w, n_mels)[:, :, None] | inside(f, v, frames)[:, None]
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)
