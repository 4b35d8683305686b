"""Calls home: TCP, UDP, a name server, a Unix socket, vsock, and the notebook's own downloads.
stopped by: namespaces, system call filter
part: info_nce
"""

import socket
import urllib.request

found = []
for name, way in {
    "tcp": lambda: socket.create_connection(("127.0.0.1", 22), timeout=1),
    "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("10.0.0.1", 53)),
    "raw": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1),
    "unix": lambda: socket.socket(socket.AF_UNIX).connect("/run/docker.sock"),
    "vsock": lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM),
    "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0),
    "name": lambda: socket.getaddrinfo("example.org", 80),
    "http": lambda: urllib.request.urlopen("http://127.0.0.1:1/", timeout=1),
}.items():
    try:
        way()
    except OSError:
        continue
    found.append(name)


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
