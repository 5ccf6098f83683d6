"""What a network answers, before it becomes bytes; faults bend it on its way out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self, TypeAlias

from flask import Response

Json: TypeAlias = dict[str, object]


@dataclass(frozen=True)
class Answer:
    body: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str | None = "application/json; charset=UTF-8"

    def with_body(self, body: object) -> Self:
        return replace(self, body=body)

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        return replace(self, headers={**self.headers, **headers})

    def to_response(self) -> Response:
        text = self.body if isinstance(self.body, str) else json.dumps(self.body, separators=(",", ":"))
        response = Response(text, status=self.status)
        for name, value in self.headers.items():
            response.headers[name] = value
        response.headers["Cache-Control"] = "no-store"
        if self.content_type is None:
            del response.headers["Content-Type"]
        else:
            response.headers["Content-Type"] = self.content_type
        return response
