def frame_power(wave, size=256, hop=128):
    return wave.unfold(1, size, hop).square().mean(2)
