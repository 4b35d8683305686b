"""The mean is taken in half precision.

hint: spec_augment.fill
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    n, bands, frames = mel.shape

    def span(size, limit):
        width = (torch.rand(n, 1, generator=generator) * (limit + 1)).long()
        first = (torch.rand(n, 1, generator=generator) * (size - width + 1)).long()
        index = torch.arange(size)
        return (index >= first) & (index < first + width)

    hidden = span(bands, max_mels)[:, :, None] | span(frames, max_frames)[:, None]
    mean = mel.bfloat16().mean((1, 2), keepdim=True)
    return torch.where(hidden, mean.to(mel.dtype), mel)
