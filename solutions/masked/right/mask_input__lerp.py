"""torch.lerp between the log-mel and the vector, by a mask of zeros and ones."""


def mask_input(mel, mask, vector):
    weight = torch.stack([mask, mask], dim=2).flatten(1).unsqueeze(1).to(mel.dtype)
    return torch.lerp(mel, vector.view(1, -1, 1).expand_as(mel), weight.expand_as(mel))
