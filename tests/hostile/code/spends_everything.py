"""Uses up the time of the whole submission, so that the grader can not even start it again.
stopped by: deadlines
hurts: others
slow: yes
"""

import time


def burn(*_, **__):
    begin = time.process_time()
    while time.process_time() - begin < 30:
        pass


add_noise = time_mask = info_nce = augment_wave = augment_mel = burn
try:
    burn()
finally:
    burn()
