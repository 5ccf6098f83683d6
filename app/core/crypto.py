"""Sealing at rest: AES-256-GCM with a key for each kind of secret, bound to the row that it belongs to."""

import base64
import hashlib
import os
from binascii import Error as Base64Error
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class SealBrokenError(RuntimeError):
    """The sealed bytes were changed, moved to another row, or sealed with another key."""


class Sealer:
    """Seals bytes so that they open only with the same key and for the same owner.

    Several keys are given as `new,old`: the first one seals, each of them opens, so that a key can be replaced.
    """

    def __init__(self, keys: bytes) -> None:
        self._ciphers = [AESGCM(_key_of(key.strip())) for key in keys.split(b",")]

    def seal(self, secret: bytes, *, owner: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, secret, owner.encode())

    def open(self, sealed: bytes, *, owner: str) -> bytes:
        nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        for cipher in self._ciphers:
            with suppress(InvalidTag, ValueError):
                return cipher.decrypt(nonce, body, owner.encode())
        raise SealBrokenError("a sealed value could not be opened with this installation's keys")


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
