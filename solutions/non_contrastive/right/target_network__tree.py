"""The modules are walked side by side, and tensors are set by copy_ under inference rules."""


def ema_update(target, online, momentum):
    momentum = float(momentum)
    with torch.no_grad():
        for slow_part, fast_part in zip(target.modules(), online.modules(), strict=True):
            for name, slow in slow_part._parameters.items():
                if slow is not None:
                    slow.copy_(torch.add(momentum * slow, fast_part._parameters[name], alpha=1 - momentum))
            for name, slow in slow_part._buffers.items():
                if slow is not None:
                    slow.copy_(fast_part._buffers[name])


def momentum_at(step, steps, start=0.99):
    turned = np.exp(1j * np.pi * step / steps).real
    return float(start + (1 - start) * (1 - turned) / 2)
