"""torchaudio's masks around a mean of zero, its global source seeded from the generator."""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    if generator is not None:
        torch.manual_seed(torch.randint(2**62, (1,), generator=generator).item())
    mean = mel.mean(dim=(1, 2), keepdim=True)
    x = (mel - mean).unsqueeze(1)
    x = torchaudio.functional.mask_along_axis_iid(x, max_mels, 0.0, axis=2)
    x = torchaudio.functional.mask_along_axis_iid(x, max_frames, 0.0, axis=3)
    return x.squeeze(1) + mean
