"""Sealing at rest: AES-256-GCM with a key for each kind of secret, bound to the row that it belongs to."""

import base64
import hashlib
import os
from binascii import Error as Base64Error

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class SealBrokenError(RuntimeError):
    """The sealed bytes were changed, moved to another row, or sealed with another key."""


class Sealer:
    """Seals bytes so that they open only with the same key and for the same owner."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(_key_of(key))

    def seal(self, secret: bytes, *, owner: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, owner.encode())

    def open(self, sealed: bytes, *, owner: str) -> bytes:
        nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, body, owner.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError("a sealed value could not be opened with this installation's keys") from error


def _key_of(given: bytes) -> bytes:
    """Accept 32 bytes in URL-safe base64; anything else long enough is hashed to a key."""
    try:
        decoded = base64.urlsafe_b64decode(given)
    except (Base64Error, ValueError):
        decoded = b""
    if len(decoded) == 32:
        return decoded
    if len(given) < 32:
        raise ValueError("a key needs at least 32 characters: make one with `python -m app.core.crypto`")
    return hashlib.sha256(given).digest()


if __name__ == "__main__":
    print(base64.urlsafe_b64encode(os.urandom(32)).decode())  # noqa: T201  this module as a command prints a new key
