"""The mean of the masked cells is NaN where a mask has no width.
hint: spec_augment.not_finite
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    width = torch.randint(max_mels + 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (n_mels - width + 1)).long()
    at = torch.arange(n_mels)
    mask = ((at >= start) & (at < start + width)).unsqueeze(2).to(mel.dtype)
    mean = (mel * mask).sum((1, 2), True) / (mask.sum((1, 2), True) * frames)
    return mel * (1 - mask) + mean * mask
