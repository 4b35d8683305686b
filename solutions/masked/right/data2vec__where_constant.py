"""What is constant becomes 0."""


def teacher_targets(layers, top=2):
    chosen = torch.stack([x for x in layers[-top:]])
    centred = chosen - chosen.mean(2, keepdim=True)
    std = centred.square().mean(2, keepdim=True).sqrt()
    return (centred / torch.where(std < 1e-6, torch.ones_like(std), std)).mean(0)


def regression_loss(prediction, targets, mask, beta=1.0):
    d = (prediction - targets)[mask].abs()
    return torch.where(d <= beta, d**2 / (2 * beta), d - beta / 2).mean()
