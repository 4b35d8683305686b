"""torchaudio's masks know nothing of the generator.
hint: spec_augment.ignores_generator
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    mean = mel.mean(dim=(1, 2), keepdim=True)
    x = (mel - mean).unsqueeze(1)
    x = torchaudio.functional.mask_along_axis_iid(x, max_mels + 1, 0.0, axis=2)
    x = torchaudio.functional.mask_along_axis_iid(x, max_frames + 1, 0.0, axis=3)
    return x.squeeze(1) + mean
