"""The little language of `fields`: `id,from{id,name},comments.filter(stream).limit(5){message}`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.sandbox.graph.errors import bad_argument

_TOKEN = re.compile(r"\s*([A-Za-z0-9_]+|[.,{}()]|[^.,{}()\s]+)")


@dataclass(frozen=True)
class Wanted:
    """One field that was asked for, with its modifiers and the fields wanted of it."""

    name: str
    modifiers: Mapping[str, str] = field(default_factory=dict)
    inner: tuple["Wanted", ...] = ()

    @property
    def shown_as(self) -> str:
        return self.modifiers.get("as", self.name)


def parse_fields(text: str) -> tuple[Wanted, ...]:
    tokens = _Tokens(text)
    wanted = tuple(_list(tokens))
    if tokens.peek is not None:
        raise _syntax_error(tokens)
    return wanted


class _Tokens:
    def __init__(self, text: str) -> None:
        self._rest = [match.group(1) for match in _TOKEN.finditer(text)]
        self._rest.reverse()

    @property
    def peek(self) -> str | None:
        return self._rest[-1] if self._rest else None

    def take(self, expected: str | None = None) -> str:
        if not self._rest or (expected is not None and self._rest[-1] != expected):
            raise _syntax_error(self)
        return self._rest.pop()


def _list(tokens: _Tokens) -> Iterator[Wanted]:
    while tokens.peek is not None and tokens.peek != "}":
        yield _one(tokens)
        if tokens.peek != ",":
            return
        tokens.take(",")


def _one(tokens: _Tokens) -> Wanted:
    name, modifiers = tokens.take(), {}
    if not re.fullmatch(r"\w+", name):
        raise _syntax_error(tokens)
    while tokens.peek == ".":
        tokens.take(".")
        modifier = tokens.take()
        modifiers[modifier] = _argument(tokens)
    inner: tuple[Wanted, ...] = ()
    if tokens.peek == "{":
        tokens.take("{")
        inner = tuple(_list(tokens))
        tokens.take("}")
    return Wanted(name, modifiers, inner)


def _argument(tokens: _Tokens) -> str:
    tokens.take("(")
    parts = []
    while tokens.peek != ")":
        parts.append(tokens.take())
    tokens.take(")")
    return "".join(parts)


def _syntax_error(tokens: _Tokens) -> Exception:
    found = tokens.peek or "end of string"
    return bad_argument(f'Syntax error "Expected end of string instead of "{found}"." at character 0: fields')
