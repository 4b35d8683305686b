"""Sleeps, but for a moment now and then, so as to be waited for like one that computes.
stopped by: deadlines
part: info_nce
slow: yes
"""

import time


def info_nce(z_a, z_b, temperature=0.2):
    while True:
        time.sleep(0.5)
        sum(range(10_000))
