"""1e-4 in the variance; clip by clip."""


def teacher_targets(layers, top=2):
    clips = []
    for b in range(len(layers[0])):
        rows = []
        for layer in layers[-top:]:
            x = layer[b]
            rows.append((x - x.mean(0)) / torch.sqrt(x.var(0, unbiased=False) + 1e-4))
        clips.append(torch.stack(rows).mean(0))
    return torch.stack(clips)


def regression_loss(prediction, targets, mask, beta=1.0):
    d = (prediction - targets)[mask].abs()
    return torch.where(d <= beta, d**2 / (2 * beta), d - beta / 2).mean()
