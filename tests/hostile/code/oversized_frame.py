"""Announces a frame of 16 exabytes, then sends what it has.
stopped by: the wire
part: info_nce
hurts: others
"""

import struct

from autograder.isolation.remote.wire import Channel


def send(self, message, *_):
    self._sock.setblocking(True)
    self._sock.sendall(struct.pack(">4sIQ", b"SPM1", 2**32 - 1, 2**64 - 1) + bytes(1 << 20))


def info_nce(z_a, z_b, temperature=0.2):
    Channel.send = send
    return z_a.sum()
