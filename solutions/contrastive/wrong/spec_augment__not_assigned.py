"""masked_fill returns a new tensor, which is thrown away.
hint: spec_augment.unchanged
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    out = mel.clone()
    batch, n_mels, frames = mel.shape
    width = torch.randint(max_mels + 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (n_mels - width + 1)).long()
    at = torch.arange(n_mels)
    out.masked_fill(((at >= start) & (at < start + width)).unsqueeze(2), 0)
    return out
