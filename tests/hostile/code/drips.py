"""Announces an answer of 200 megabytes and sends a byte of it now and then.
stopped by: deadlines
part: info_nce
slow: yes
"""

import struct
import time

from autograder.isolation.remote.wire import Channel


def send(self, message, *_):
    self._sock.send(struct.pack(">4sIQ", b"SPM1", 1000, 200 << 20))
    while True:
        time.sleep(0.5)
        self._sock.send(b" ")


def info_nce(z_a, z_b, temperature=0.2):
    Channel.send = send
    return z_a.sum()
