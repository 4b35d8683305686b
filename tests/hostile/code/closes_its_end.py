"""Closes its socket, or half of it, and goes on living.
stopped by: the wire
part: info_nce
"""

import socket
import time

from autograder.isolation.remote.wire import Channel


def send(self, message, *_):
    self._sock.shutdown(socket.SHUT_WR)
    time.sleep(10**6)


def info_nce(z_a, z_b, temperature=0.2):
    Channel.send = send
    return z_a.sum()
