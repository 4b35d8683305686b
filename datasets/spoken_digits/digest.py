"""Content digests: a corpus is trusted for what its recordings hold, not for where it came from.

The digest of a corpus is the SHA-256 of the listing that ``sha256sum *.wav`` prints in the C
locale: for every recording, ordered by the bytes of its name, a line of its own SHA-256, two
spaces and the name. Where recordings lie in subfolders, the name is the path below the corpus
folder with forward slashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def content_digest(recordings: Iterable[tuple[str, str]]) -> str:
    """Digest, 64 hexadecimal digits, of recordings given as (name, SHA-256) in any order."""
    listing = hashlib.sha256()
    for name, sha256 in sorted(recordings, key=lambda item: item[0].encode()):
        listing.update(f"{sha256}  {name}\n".encode())
    return listing.hexdigest()
