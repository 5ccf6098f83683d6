"""One call to the Graph API: who calls, with which parameters, and what every handler may ask of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.sandbox import clock
from app.sandbox.graph.errors import GraphError, bad_argument
from app.sandbox.ids import whole_number
from app.sandbox.store import Store
from app.sandbox.tables import Page, Token

_TRUE, _FALSE = {"true", "1", "yes"}, {"false", "0", "no", ""}


@dataclass(frozen=True)
class Call:
    session: Session
    store: Store
    method: str
    version: str
    url: str
    """Scheme, host and path as the caller reached us; paging links are built on it."""
    public_url: str
    params: Mapping[str, str]
    files: Mapping[str, FileStorage]
    token: Token

    @property
    def verb(self) -> str:
        return self.method.lower()

    def text(self, name: str, default: str = "") -> str:
        return self.params.get(name, default)

    def flag(self, name: str, *, default: bool) -> bool:
        raw = self.params.get(name)
        if raw is None:
            return default
        if raw.strip().lower() not in _TRUE | _FALSE:
            raise bad_argument(f"Param {name} must be a boolean")
        return raw.strip().lower() in _TRUE

    def count(self, name: str, default: int, most: int) -> int:
        number = whole_number(self.params.get(name, str(default)))
        if number is None:
            raise bad_argument(f"Param {name} must be an integer")
        if number > most:
            raise bad_argument(f"Param {name} must be less than or equal to {most}")
        return number

    def moment(self, name: str) -> datetime:
        try:
            return clock.from_text(self.params[name])
        except ValueError as error:
            raise bad_argument(f"Param {name} must be a time") from error

    def parsed(self, name: str) -> object:
        """Return a parameter that holds JSON, or None when it is no JSON at all."""
        try:
            return json.loads(self.params.get(name, ""))
        except ValueError:
            return None

    def page(self) -> Page:
        """Return the Page that this page token stands for."""
        page = self.session.get(Page, self.token.page_id) if self.token.page_id else None
        if page is None:
            raise GraphError.of(210)
        return page
