"""Layers popped from a copy of the list."""


def teacher_targets(layers, top=2):
    rest, total = list(layers), None
    for _ in range(top):
        x = rest.pop().detach()
        var, mean = torch.var_mean(x, dim=1, keepdim=True)
        x = (x - mean) * torch.rsqrt(var + 1e-6)
        total = x if total is None else total + x
    return total / top


def regression_loss(prediction, targets, mask, beta=1.0):
    d = (prediction - targets)[mask].abs()
    return torch.where(d <= beta, d**2 / (2 * beta), d - beta / 2).mean()
