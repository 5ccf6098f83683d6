"""Ways in which a right answer leaves in a wrong shape."""

from collections.abc import Callable, Mapping

from flask import request

from app.sandbox.answers import Answer
from app.sandbox.faults.model import seconds_of
from app.sandbox.graph.paging import START, seal
from app.sandbox.tables import Fault

Bend = Callable[[Answer, Fault], Answer]


def without_content_type(answer: Answer, fault: Fault) -> Answer:
    return Answer(answer.body, answer.status, answer.headers, None)


def bend_success(word: str) -> Bend:
    def bend(answer: Answer, fault: Fault) -> Answer:
        body = answer.body
        return answer.with_body({**body, "success": word}) if isinstance(body, dict) and "success" in body else answer

    return bend


def bend_list(answer: Answer, fault: Fault) -> Answer:
    """Empty the page, and let its cursor lead to what would have stood here."""
    if not isinstance(answer.body, dict) or "data" not in answer.body:
        return answer
    here = request.args.get("after") or seal(START)
    return answer.with_body({**answer.body, "data": [], "paging": {"cursors": {"before": here, "after": here}}})


def without_authors(answer: Answer, fault: Fault) -> Answer:
    body = answer.body
    if not isinstance(body, dict):
        return answer
    rows = body.get("data")
    shown = [{k: v for k, v in row.items() if k != "from"} for row in rows] if isinstance(rows, list) else None
    return answer.with_body(
        {**body, "data": shown} if shown is not None else {k: v for k, v in body.items() if k != "from"}
    )


_RENAMED = ("edit_history_{}_ids", "referenced_{}s", "{}_count", "note_{}")


def bend_names(change: Mapping[str, str]) -> Bend:
    names = {form.format(old): form.format(new) for old, new in change.items() for form in _RENAMED}

    def rename(value: object) -> object:
        if isinstance(value, dict):
            return {names.get(name, name): rename(inner) for name, inner in value.items()}
        return [rename(each) for each in value] if isinstance(value, list) else value

    return lambda answer, fault: answer.with_body(rename(answer.body))


def still_processing(answer: Answer, fault: Fault) -> Answer:
    body = answer.body
    if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
        return answer
    waiting = {"state": "in_progress", "check_after_secs": int(seconds_of(fault, 1)), "progress_percent": 10}
    return answer.with_body({**body, "data": {**body["data"], "processing_info": waiting}})
