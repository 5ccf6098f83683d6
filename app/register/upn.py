"""Unique pupil numbers of schools in England."""

import re

_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_FORM = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")


def is_upn(text: str) -> bool:
    """Tell whether the check letter fits; the temporary form ends in a letter that is valued like the first."""
    if not _FORM.fullmatch(text) or text[0] not in _LETTERS:
        return False
    if text[-1].isalpha() and text[-1] not in _LETTERS:
        return False
    values = [int(sign) if sign.isdigit() else _LETTERS.index(sign) for sign in text[1:]]
    return _LETTERS[sum(value * weight for weight, value in enumerate(values, start=2)) % 23] == text[0]
