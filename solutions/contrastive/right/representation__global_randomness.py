"""Random numbers from Python, NumPy and torch's global source; the generator is not used.

calibrate: 8
"""


def augment_wave(wave, generator):
    views = []
    for clip in wave:
        gain = random.uniform(0.5, 1.5)
        shift = np.random.randint(-400, 400)
        views.append(gain * torch.roll(clip, int(shift)))
    return torch.stack(views)


def augment_mel(mel, generator):
    mel = mel.clone()
    for i in range(len(mel)):
        start = np.random.randint(0, mel.shape[2] - 6)
        mel[i, :, start : start + 6] = mel[i].mean()
    return mel + 0.05 * torch.randn_like(mel)
