"""Starts leave room for the widest mask; real numbers are rounded up."""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape

    def span(size, widest):
        width = torch.ceil(torch.rand(batch, 1, generator=generator) * widest)
        start = torch.floor(torch.rand(batch, 1, generator=generator) * (size - widest + 1))
        at = torch.arange(size).float()
        return (at >= start).logical_and(at < start + width)

    band, gap = span(n_mels, max_mels), span(frames, max_frames)
    mean = torch.einsum("bmf->b", mel) / (n_mels * frames)
    out = torch.where(band[:, :, None], mean[:, None, None], mel)
    return torch.where(gap[:, None, :], mean[:, None, None], out)
