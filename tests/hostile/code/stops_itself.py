"""Stops its own process, which then neither computes nor ends.
stopped by: deadlines
part: info_nce
slow: yes
"""

import os
import signal


def info_nce(z_a, z_b, temperature=0.2):
    os.kill(os.getpid(), signal.SIGSTOP)
    os.read(os.pipe()[0], 1)
