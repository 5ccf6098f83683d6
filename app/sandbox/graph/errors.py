"""The Graph API's errors: one table of what each code says, and the shape in which it says it."""

from dataclasses import dataclass
from typing import Self

from app.sandbox import ids
from app.sandbox.answers import Answer, Json


@dataclass(eq=False)
class GraphError(Exception):
    code: int
    message: str
    subcode: int | None = None
    type: str = "OAuthException"
    status: int = 400
    is_transient: bool = False
    user_title: str = ""
    user_message: str = ""

    def to_answer(self) -> Answer:
        error: Json = {"message": self.message, "type": self.type, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.is_transient or self.user_title:
            error["is_transient"] = self.is_transient
        if self.user_title:
            error |= {"error_user_title": self.user_title, "error_user_msg": self.user_message}
        error["fbtrace_id"] = ids.trace_id()
        headers = {}
        if self.code in {102, 104, 190}:
            headers["WWW-Authenticate"] = f'OAuth "Facebook Platform" "invalid_token" "{self.message}"'
        return Answer({"error": error}, self.status, headers)

    @classmethod
    def of(cls, code: int, subcode: int | None = None) -> Self:
        """Build the error as Facebook words it; a code that is not in the table gets a plain sentence."""
        known = _TABLE.get((code, subcode)) or _TABLE.get((code, None))
        if known is None:
            return cls(code, f"(#{code}) An error occurred", subcode)
        message, more = known
        told = more if subcode is None else {**more, "subcode": subcode}
        return cls(code, message, **told)  # type: ignore[arg-type]  # the table's own keywords


def gone(object_id: str, verb: str) -> GraphError:
    return GraphError(
        100,
        f"Unsupported {verb} request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        33,
        "GraphMethodException",
    )


def bad_argument(message: str, subcode: int | None = None) -> GraphError:
    return GraphError(100, f"(#100) {message}", subcode)


_SESSION = "Error validating access token: "
_TRANSIENT: Json = {"status": 500, "is_transient": True}
_LIMIT = "There have been too many calls to this {} account. Wait a bit and try again."
_PHOTO = {
    "user_title": "Can't Read Files",
    "user_message": "Your photos couldn't be uploaded. Photos should be less than 4 MB and saved as JPG, PNG, GIF, "
    "TIFF, HEIF or WebP files.",
}

_TABLE: dict[tuple[int, int | None], tuple[str, Json]] = {
    (1, None): ("An unknown error has occurred.", _TRANSIENT),
    (2, None): ("An unexpected error has occurred. Please retry your request later.", _TRANSIENT),
    (3, None): ("(#3) Application does not have the capability to make this API call.", {}),
    (4, None): ("(#4) Application request limit reached", {"status": 400, "is_transient": True}),
    (10, None): ("(#10) Application does not have permission for this action", {"status": 403}),
    (12, None): ("(#12) This endpoint is deprecated for this version of the API", {}),
    (17, None): ("(#17) User request limit reached", {"is_transient": True}),
    (32, None): ("(#32) Page request limit reached", {"is_transient": True}),
    (100, 33): ("Unsupported get request. Object does not exist", {"type": "GraphMethodException"}),
    (100, None): ("(#100) Invalid parameter", {}),
    (102, None): ("Session key invalid or no longer valid", {"status": 401}),
    (190, 458): (_SESSION + "The user has not authorized application.", {}),
    (190, 459): (
        _SESSION + "You cannot access the app till you log in to www.facebook.com and follow the instructions given.",
        {},
    ),
    (190, 460): (
        _SESSION + "The session has been invalidated because the user changed their password or Facebook has changed "
        "the session for security reasons.",
        {},
    ),
    (190, 463): (_SESSION + "Session has expired on Friday, 20-Nov-26 04:00:00 PST.", {}),
    (190, 464): (_SESSION + "Sessions for the user are not allowed because the user is not a confirmed user.", {}),
    (190, 467): (_SESSION + "The session is invalid because the user logged out.", {}),
    (190, 492): (_SESSION + "The user must be an administrator, editor, or moderator of the page.", {}),
    (190, None): ("Invalid OAuth access token - Cannot parse access token", {}),
    (200, None): ("(#200) The user does not have sufficient permission for this action", {"status": 403}),
    (210, None): ("(#210) A page access token is required to request this resource.", {"status": 403}),
    (230, None): ("(#230) Requires pages_manage_posts permission to manage the object", {"status": 403}),
    (283, None): ("(#283) Requires pages_read_engagement permission to manage the object", {"status": 403}),
    (299, None): ("(#299) The permission is not available to this app", {"status": 403}),
    (324, None): ("(#324) Missing or invalid image file", {"subcode": 2069019, **_PHOTO}),
    (341, None): ("(#341) Feed action request limit reached", {"is_transient": True}),
    (368, None): (
        "The action attempted has been deemed abusive or is otherwise disallowed",
        {
            "user_title": "You're Temporarily Blocked",
            "user_message": "It looks like you were misusing this feature by going too fast. "
            "You've been blocked from using it.",
        },
    ),
    (506, None): (
        "(#506) Duplicate status message",
        {
            "user_title": "Duplicate Status Update",
            "user_message": "This status update is identical to the last one you posted. "
            "Try posting something different.",
        },
    ),
    (613, None): ("(#613) Calls to this api have exceeded the rate limit.", {"is_transient": True}),
    (803, None): (
        "(#803) Some of the aliases you requested do not exist",
        {"status": 404},
    ),
    (2635, None): (
        "(#2635) You are calling a deprecated version of the API. Please update to the latest version: v25.0.",
        {},
    ),
    (80001, None): (_LIMIT.format("page"), {"subcode": 2446079, "is_transient": True}),
    (80002, None): (_LIMIT.format("Instagram"), {"subcode": 2446079, "is_transient": True}),
    (80006, None): (_LIMIT.format("messenger"), {"subcode": 2446079, "is_transient": True}),
    (1609005, None): (
        "(#1609005) The url could not be processed for link preview",
        {
            "user_title": "Couldn't Post Link",
            "user_message": "There was a problem scraping data from the link you provided.",
        },
    ),
}
