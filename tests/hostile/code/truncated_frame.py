"""Sends half an answer and ends.
stopped by: the wire
part: info_nce
"""

import os

from autograder.isolation.remote import wire


def info_nce(z_a, z_b, temperature=0.2):
    def send(self, message, *_):
        frame = wire.encode(message)
        self._sock.send(frame[: len(frame) // 2])
        os._exit(0)

    wire.Channel.send = send
    return z_a.sum()
