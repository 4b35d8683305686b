"""The layers of the caller are centred and scaled in place.

hint: data2vec.modifies_input
"""


def teacher_targets(layers, top=2):
    for layer in layers[-top:]:
        layer -= layer.mean(1, keepdim=True)
        layer /= layer.std(1, keepdim=True) + 1e-6
    return torch.stack(layers[-top:]).mean(0)


def regression_loss(prediction, targets, mask, beta=1.0):
    return F.smooth_l1_loss(prediction[mask], targets[mask], beta=beta)
