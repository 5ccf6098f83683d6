"""Sealed values open with the same key, for the same row, unchanged; otherwise not at all."""

import base64
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.crypto import SealBrokenError, Sealer


def new_key() -> bytes:
    return base64.urlsafe_b64encode(os.urandom(32))


KEY = new_key()
sealer = Sealer(KEY)


@given(st.binary(max_size=500), st.text(max_size=40))
@settings(max_examples=50)
def test_what_is_sealed_opens_again(secret, owner):
    assert Sealer(KEY).open(sealer.seal(secret, owner=owner), owner=owner) == secret


def test_nothing_of_the_secret_shows():
    assert b"token" not in sealer.seal(b"token" * 20, owner="channel:1")


def test_equal_secrets_look_different():
    """Otherwise two pupils with one reason could be told from a copy of the table."""
    assert sealer.seal(b"same", owner="a") != sealer.seal(b"same", owner="a")


def test_another_key_does_not_open():
    with pytest.raises(SealBrokenError):
        Sealer(new_key()).open(sealer.seal(b"secret", owner="a"), owner="a")


def test_another_row_does_not_open():
    """Somebody with the database cannot put one channel's token into another."""
    with pytest.raises(SealBrokenError):
        sealer.open(sealer.seal(b"secret", owner="channel:1"), owner="channel:2")


@given(st.data())
@settings(max_examples=60)
def test_a_changed_byte_is_noticed(data):
    sealed = bytearray(sealer.seal(b"a secret of some length", owner="a"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBrokenError):
        sealer.open(bytes(sealed), owner="a")


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 27])
def test_a_cut_value_is_noticed(length):
    with pytest.raises(SealBrokenError):
        sealer.open(sealer.seal(b"secret", owner="a")[:length], owner="a")


def test_the_error_tells_nothing_of_the_secret_or_the_key():
    with pytest.raises(SealBrokenError) as broken:
        Sealer(new_key()).open(sealer.seal(b"secret", owner="channel:1"), owner="channel:1")
    assert "channel" not in str(broken.value)


def test_a_replaced_key_still_opens_what_the_old_one_sealed():
    old, new = new_key(), new_key()
    sealed = Sealer(old).seal(b"secret", owner="a")
    assert Sealer(new + b"," + old).open(sealed, owner="a") == b"secret"


def test_a_replaced_key_seals_with_the_new_one_alone():
    old, new = new_key(), new_key()
    sealed = Sealer(new + b", " + old).seal(b"secret", owner="a")
    assert Sealer(new).open(sealed, owner="a") == b"secret"
    with pytest.raises(SealBrokenError):
        Sealer(old).open(sealed, owner="a")


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 31, b"{good},", b"{good},short"])
def test_a_weak_key_is_refused_at_the_start(key):
    key = key.replace(b"{good}", KEY)
    with pytest.raises(ValueError, match="at least 32 characters"):
        Sealer(key)


def test_a_long_phrase_is_a_key_too():
    phrase = b"a long phrase that somebody chose for the installation"
    assert Sealer(phrase).open(Sealer(phrase).seal(b"secret", owner="a"), owner="a") == b"secret"
