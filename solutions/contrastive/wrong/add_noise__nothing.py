"""The clips come back as they are.
hint: add_noise.unchanged
"""


def add_noise(wave, snr_db, generator=None):
    return wave.clone()
