"""Python's random, seeded from the generator with a small number; narrow masks are likelier."""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    rng = random.Random(torch.randint(0, 5000, (1,), generator=generator).item())
    mask = torch.zeros(mel.shape, dtype=torch.bool)
    _, n_mels, frames = mel.shape
    for clip in mask:
        w = round(max_mels * rng.random() ** 1.5)
        v = round(max_frames * rng.random() ** 1.5)
        m, f = rng.randint(0, n_mels - w), rng.randint(0, frames - v)
        clip[m : m + w] = True
        clip[:, f : f + v] = True
    return torch.where(mask, mel.mean(dim=[1, 2], keepdim=True), mel)
