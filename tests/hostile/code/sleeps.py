"""Sleeps for ever when it is called.
stopped by: deadlines
part: info_nce
slow: yes
"""

import time


def info_nce(z_a, z_b, temperature=0.2):
    time.sleep(10**8)
