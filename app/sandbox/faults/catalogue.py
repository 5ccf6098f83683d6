"""Every fault that can be armed, by name."""

import re
from collections.abc import Callable, Mapping

from app.sandbox import clock
from app.sandbox.answers import Answer, Json
from app.sandbox.faults.bends import (
    bend_list,
    bend_names,
    bend_success,
    still_processing,
    without_authors,
    without_content_type,
)
from app.sandbox.faults.model import Bent, Instead, Kind, OfDelivery, Silence, Silent, seconds_of
from app.sandbox.graph.errors import GraphError
from app.sandbox.tables import Fault
from app.sandbox.x.problems import Problem

_HTML = "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>Sorry, something went wrong.</p></body></html>"
_GRAPH_ERROR = re.compile(r"error:(\d+)(?:/(\d+))?")


def _html(status: int, title: str) -> Callable[[Fault], Answer]:
    return lambda _: Answer(_HTML.format(title), status, content_type="text/html; charset=utf-8")


def _odd(body: object, status: int = 200) -> Callable[[Fault], Answer]:
    return lambda _: Answer(body, status)


def _redirect(fault: Fault) -> Answer:
    return Answer("", 302, {"Location": str(fault.options.get("to", "http://127.0.0.1:9/elsewhere"))}, "text/html")


def _rate_limited(fault: Fault) -> Answer:
    reset = int(clock.now().timestamp()) + int(seconds_of(fault, 900))
    headers = {"x-rate-limit-limit": "50", "x-rate-limit-remaining": "0", "x-rate-limit-reset": str(reset)}
    return Problem.rate_limited().to_answer().with_headers(headers)


def _problem(make: Callable[[], Problem]) -> Callable[[Fault], Answer]:
    return lambda _: make().to_answer()


def _only_errors(_: Fault) -> Answer:
    error: Json = {
        "detail": "Could not complete the request.",
        "title": "Internal Error",
        "type": "about:blank",
        "status": 500,
    }
    return Answer({"data": None, "errors": [error]})


def _usage(answer: Answer, fault: Fault) -> Answer:
    percent = fault.options.get("call_count", 95)
    return answer.with_headers({"X-App-Usage": f'{{"call_count":{percent},"total_cputime":25,"total_time":25}}'})


KINDS: Mapping[str, Kind] = {
    "timeout": Silent(Silence.TIMEOUT, "Keeps the caller waiting (options.seconds), then hangs up."),
    "drop": Silent(Silence.DROP, "Hangs up without an answer."),
    "slow": Bent(lambda answer, _: answer, "Answers rightly, but only after options.seconds."),
    "html-502": Instead(_html(502, "502 Bad Gateway"), "An HTML page with status 502."),
    "html-503": Instead(_html(503, "503 Service Unavailable"), "An HTML page with status 503."),
    "html-200": Instead(_html(200, "Please wait"), "An HTML page with status 200."),
    "empty-500": Instead(_odd({"success": False}, 500), "Status 500 with JSON that names no error."),
    "no-content-type": Bent(without_content_type, "The right answer without a content type."),
    "truncated": Bent(lambda answer, _: answer.with_body('{"id": "12'), "JSON that breaks off."),
    "redirect": Instead(_redirect, "A redirect to another address."),
    "success-false": Bent(bend_success("false"), 'Facebook: success is the word "false".'),
    "success-string": Bent(bend_success("true"), 'Facebook: success is the word "true".'),
    "empty-page": Bent(bend_list, "Facebook: an empty page of a list, with a cursor that goes on."),
    "no-author": Bent(without_authors, "Facebook: comments without their author."),
    "usage": Bent(_usage, "Facebook: the usage header says options.call_count per cent."),
    "expired-cursor": Instead(
        lambda _: GraphError(100, "(#100) Invalid cursors values", 1).to_answer(), "Facebook: the cursor is refused."
    ),
    "unauthorized": Instead(_problem(Problem.unauthorized), "X: the keys are refused."),
    "forbidden": Instead(_problem(Problem.forbidden), "X: not permitted."),
    "suspended": Instead(_problem(Problem.suspended), "X: the account is suspended."),
    "duplicate-content": Instead(_problem(Problem.duplicate), "X: refused as a duplicate."),
    "credits-depleted": Instead(_problem(Problem.credits_depleted), "X: 402, newer form."),
    "payment-required": Instead(_problem(Problem.payment_required), "X: 402, older form."),
    "rate-limited": Instead(_rate_limited, "X: 429 with a reset time (options.seconds from now)."),
    "usage-capped": Instead(_problem(Problem.usage_capped), "X: 429 that means spend, not speed."),
    "service-unavailable": Instead(_problem(Problem.unavailable), "X: 503 in JSON."),
    "only-errors": Instead(_only_errors, "X: 200 with data null and a list of errors."),
    "null-errors": Instead(_odd({"errors": None}, 400), 'X: {"errors": null}.'),
    "list-body": Instead(_odd([{"message": "Something is wrong", "code": 131}], 500), "X: a list for a body."),
    "renamed-field": Instead(_problem(Problem.renamed_field), "X: 400 that names tweet.fields as unknown."),
    "new-names": Bent(bend_names({"tweet": "post"}), "X: answers in the new field names."),
    "old-names": Bent(bend_names({"post": "tweet"}), "X: answers in the old field names."),
    "processing": Bent(still_processing, "X: an upload that is not ready yet (options.seconds)."),
    "media-expired": Instead(_problem(Problem.media_invalid), "X: the media ids are no longer valid."),
    "duplicate": OfDelivery("Webhook: the same delivery twice."),
    "reorder": OfDelivery("Webhook: the changes of a batch in the opposite order."),
    "lose": OfDelivery("Webhook: never delivered."),
    "delay": OfDelivery("Webhook: delivered options.seconds later."),
    "bad-signature": OfDelivery("Webhook: signed with another secret."),
    "no-signature": OfDelivery("Webhook: not signed."),
    "sha1-only": OfDelivery("Webhook: signed in the old way alone."),
    "numeric-sender": OfDelivery("Webhook: sender_id and sender_name in place of from."),
    "no-value": OfDelivery("Webhook: a change without a value."),
    "edited-before-add": OfDelivery("Webhook: an edited change for each comment, before its add."),
}


def kind_named(name: str) -> Kind | None:
    """Return the fault of this name; `error:190/463` is any error of the Graph API."""
    match = _GRAPH_ERROR.fullmatch(name)
    if match is None:
        return KINDS.get(name)
    code, subcode = int(match[1]), int(match[2]) if match[2] else None
    return Instead(
        lambda _: GraphError.of(code, subcode).to_answer(), f"Facebook: error {name.removeprefix('error:')}."
    )


GRAPH_ERRORS = (
    "190/458 190/459 190/460 190/463 190/464 190/467 190/492 190 102 3 10 200 4 17 32 341 613 80001 80002 80006 "
    "1 2 368 506 100/33 803 100 324 1609005 12 2635"
).split()
