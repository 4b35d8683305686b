"""One long vector of all parameters and back."""

from torch.nn.utils import parameters_to_vector, vector_to_parameters


def ema_update(target, online, momentum):
    with torch.no_grad():
        slow = parameters_to_vector(target.parameters())
        fast = parameters_to_vector(online.parameters())
        vector_to_parameters(momentum * slow + (1 - momentum) * fast, target.parameters())
        for t, o in zip(target.buffers(), online.buffers()):
            t.copy_(o)


def momentum_at(step, steps, start=0.99):
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
