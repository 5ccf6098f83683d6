"""An incident as a text that is pasted into the school's safeguarding system."""

from app.incidents.account import NOT_REMOVED, Account, CommentTold, Line

LONGEST = 4000
"""What the text fields of such systems take without cutting anything off."""
SHORTEST_QUOTE = 300


def text_of(account: Account) -> str:
    """Return facts, times, exact words, what was done and by whom, in at most so many letters."""
    for most_comments in (10, 5, 3, 2, 1):
        told = _text(account, most_comments, longest_words=LONGEST)
        if len(told) <= LONGEST:
            return told
    told = _text(account, 1, longest_words=SHORTEST_QUOTE)
    end = f"\n\n(Shortened. All of it is in Schoolgate, incident {account.reference}.)"
    return told if len(told) <= LONGEST else told[: LONGEST - len(end)].rstrip() + end


def _text(account: Account, most_comments: int, *, longest_words: int) -> str:
    shown = account.comments[:most_comments]
    left_out = len(account.comments) - len(shown) + account.left_out
    parts = [
        f"{account.kind} (Schoolgate incident {account.reference})",
        "\n".join(f"{name}: {_short(value, longest_words)}" for name, value in account.facts),
        *(_comment(comment, longest_words) for comment in shown),
        f"And {left_out} more comments." if left_out else "",
        _list("Reports", account.reports, longest_words),
        _list("Support", account.support, longest_words),
        _list("Notes", account.notes, longest_words),
        NOT_REMOVED if shown else "",
        f"Who may know of it in Schoolgate: {account.who_knows}. Text made {account.made_at} by {account.made_by}.",
    ]
    return "\n\n".join(part for part in parts if part)


def _comment(comment: CommentTold, longest_words: int) -> str:
    told = [
        f"Comment on {comment.network}, written {comment.written_at}.",
        f"Shown name of the writer: {comment.author}. Number of their account: {comment.author_id}.",
        f"Exact words: “{_short(comment.text, longest_words)}”",
        f"First seen here {comment.first_read_at}. Now: {comment.state}.",
        *(f"{line.at}, {line.who}: {line.what}." for line in comment.decisions),
        *(f"{line.at}: {line.what}. {_short(line.words, longest_words)}" for line in comment.appeals),
    ]
    return "\n".join(told)


def _list(title: str, lines: tuple[Line, ...], longest_words: int) -> str:
    if not lines:
        return ""
    told = [
        f"- {', '.join(filter(None, [line.at, line.who]))}{': ' if line.at or line.who else ''}{line.what}. "
        f"{_short(line.words, longest_words)}".rstrip()
        for line in lines
    ]
    return "\n".join([f"{title}:", *told])


def _short(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"
