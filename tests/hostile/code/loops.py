"""Loops for ever with every signal ignored, the second time in C, where no signal is seen.
stopped by: deadlines
part: info_nce
"""

import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        continue


def info_nce(z_a, z_b, temperature=0.2):
    if temperature == 0.7:
        sum(iter(int, 1))
    while True:
        pass
