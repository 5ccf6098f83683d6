"""The X API's errors, in the problem form of its v2."""

from dataclasses import dataclass, field
from typing import Self

from app.sandbox.answers import Answer, Json

_TYPES = "https://api.x.com/2/problems/"
_NOT_LET = "You are not allowed to create a Tweet with duplicate content."


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818  the standard calls it a problem
    status: int
    title: str
    detail: str
    type: str = "about:blank"
    more: Json = field(default_factory=dict)

    def to_answer(self) -> Answer:
        body: Json = {**self.more, "title": self.title, "detail": self.detail, "type": self.type, "status": self.status}
        if self.type.endswith("invalid-request"):
            del body["status"]
        return Answer(body, self.status, content_type="application/problem+json; charset=utf-8")

    @classmethod
    def invalid(cls, message: str, parameters: Json | None = None) -> Self:
        """Refuse a request for its form, naming the parameter."""
        errors: Json = {"errors": [{"parameters": parameters or {}, "message": message}]}
        sentence = "One or more parameters to your request was invalid."
        return cls(400, "Invalid Request", sentence, f"{_TYPES}invalid-request", errors)

    @classmethod
    def unknown_parameter(cls, name: str, known: str) -> Self:
        message = f"The query parameter [{name}] is not one of [{known}]"
        return cls.invalid(message, {name: ["?"]})

    @classmethod
    def renamed_field(cls) -> Self:
        return cls.unknown_parameter(
            "tweet.fields", "post.fields,expansions,media.fields,user.fields,max_results,since_id"
        )

    @classmethod
    def media_invalid(cls, media_id: str = "0") -> Self:
        return cls.invalid("Your media IDs are invalid.", {"media.media_ids": [media_id]})

    @classmethod
    def unauthorized(cls) -> Self:
        return cls(401, "Unauthorized", "Unauthorized")

    @classmethod
    def forbidden(cls, detail: str = "You are not permitted to perform this action.") -> Self:
        return cls(403, "Forbidden", detail)

    @classmethod
    def duplicate(cls) -> Self:
        return cls.forbidden(_NOT_LET)

    @classmethod
    def suspended(cls) -> Self:
        detail = "User is suspended."
        return cls(403, "Forbidden", detail, f"{_TYPES}user-suspended")

    @classmethod
    def locked(cls) -> Self:
        detail = "To protect our users from spam and other malicious activity, this account is temporarily locked."
        more: Json = {"errors": [{"code": 326, "message": detail}]}
        return cls(403, "Forbidden", detail, more=more)

    @classmethod
    def read_only(cls) -> Self:
        detail = "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint."
        return cls(403, "Forbidden", detail, f"{_TYPES}oauth1-permissions")

    @classmethod
    def wrong_context(cls, used: str) -> Self:
        detail = (
            f"Authenticating with {used} is forbidden for this endpoint.  Supported authentication types are "
            "[OAuth 1.0a User Context, OAuth 2.0 User Context]."
        )
        return cls(403, "Unsupported Authentication", detail, f"{_TYPES}unsupported-authentication")

    @classmethod
    def credits_depleted(cls) -> Self:
        detail = "Your enrolled account does not have any credits to fulfill this request."
        return cls(402, "CreditsDepleted", detail, f"{_TYPES}credits", {"account_id": 0})

    @classmethod
    def payment_required(cls) -> Self:
        return cls(402, "Payment Required", "Your enrolled account does not have any credits to fulfill this request.")

    @classmethod
    def rate_limited(cls) -> Self:
        return cls(429, "Too Many Requests", "Too Many Requests")

    @classmethod
    def usage_capped(cls) -> Self:
        more: Json = {"account_id": 0, "product_name": "standard-basic", "period": "Monthly", "scope": "Product"}
        return cls(429, "UsageCapExceeded", "Usage cap exceeded: Monthly product cap", f"{_TYPES}usage-capped", more)

    @classmethod
    def unavailable(cls) -> Self:
        return cls(503, "Service Unavailable", "Service Unavailable")


def not_found(value: str, kind: str = "tweet", parameter: str = "id") -> Json:
    """Say that a thing is not there; X says so with status 200, among `errors`."""
    detail = f"Could not find {kind} with {parameter}: [{value}]."
    return {
        "value": value,
        "detail": detail,
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": f"{_TYPES}resource-not-found",
    }
