"""Masks of ones and zeros blend the clips with their means."""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    r = torch.rand(4, batch, 1, generator=generator, dtype=mel.dtype)
    w_mel, w_frame = (r[0] * (max_mels + 1)).floor(), (r[1] * (max_frames + 1)).floor()
    s_mel, s_frame = (r[2] * (n_mels - w_mel)).round(), (r[3] * (frames - w_frame)).round()
    m, f = torch.arange(n_mels), torch.arange(frames)
    keep_mel = ~((m >= s_mel) & (m < s_mel + w_mel))
    keep_frame = ~((f >= s_frame) & (f < s_frame + w_frame))
    keep = (keep_mel.unsqueeze(2) & keep_frame.unsqueeze(1)).to(mel.dtype)
    return mel * keep + mel.mean((1, 2), keepdim=True) * (1 - keep)
