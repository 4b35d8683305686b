"""Sends back a generator whose next number lies beyond its table of numbers.
stopped by: the wire
part: add_noise
"""


def add_noise(wave, snr_db, generator=None):
    if generator is not None:
        state = generator.get_state()
        state[8:12] = torch.tensor([600, 2, 0, 0], dtype=torch.uint8)[:4]
        state[16:24] = torch.tensor([255, 255, 0, 0, 0, 0, 0, 0], dtype=torch.uint8)
        generator.set_state(state)
    return wave + 0.1 * torch.randn(wave.shape)
