"""The evidence report as a PDF: tagged for screen readers (PDF/UA), set in the house font."""

import json
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from uuid import UUID

import typst

from app.incidents.account import NOT_REMOVED, Account, CommentTold, Line, PostTold

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
_BREAKS = frozenset("\n\t ")


def as_pdf(account: Account, pictures: Mapping[str, bytes], proof: Sequence[str]) -> bytes:
    """Set the report. `pictures` are the bytes of every photo and screenshot by digest."""
    with tempfile.TemporaryDirectory(prefix="schoolgate-report-") as scratch:
        folder = Path(scratch)
        (folder / "report.typ").write_bytes((HERE / "report.typ").read_bytes())
        for sha256, content in pictures.items():
            (folder / f"{sha256}.jpg").write_bytes(content)
        told = _printable(_told(account, pictures, proof))
        (folder / "account.json").write_text(json.dumps(told), encoding="utf-8")
        content = typst.compile(
            str(folder / "report.typ"),
            root=str(folder),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )
    assert isinstance(content, bytes)  # noqa: S101  one file in, one file out
    return content


def _told(account: Account, pictures: Mapping[str, bytes], proof: Sequence[str]) -> dict[str, object]:
    return {
        "title": f"Evidence report {account.reference}",
        "school": account.school,
        "heading": account.kind,
        "under": f"Incident {account.reference} of {account.school}\nMade {account.made_at} by {account.made_by}",
        "footer": f"{account.school} · incident {account.reference} · confidential",
        "who_knows": f"Who may know of it here: {account.who_knows}.",
        "not_removed": NOT_REMOVED,
        "facts": [list(fact) for fact in account.facts],
        "posts": [_post(post, pictures) for post in account.posts],
        "comments": [_comment(number, comment) for number, comment in enumerate(account.comments, start=1)],
        "left_out": f"And {account.left_out} more comments." if account.left_out else "",
        "pictures": [
            _picture(each.sha256, f"Screenshot {number}", f"Handed in {each.added}. SHA-256 {each.sha256}")
            for number, each in enumerate(account.pictures, start=1)
            if each.sha256 in pictures
        ],
        "parts": [
            {
                "heading": "Who was told outside school",
                "none": "None was called for.",
                "items": _items(account.reports),
            },
            {"heading": "Support offered", "none": "None is recorded.", "items": _items(account.support)},
            {"heading": "Notes", "none": "None was written.", "items": _items(account.notes)},
            {"heading": "What was done here, and by whom", "none": "", "items": _items(account.history)},
        ],
        "proof": list(proof),
    }


def _post(post: PostTold, pictures: Mapping[str, bytes]) -> dict[str, object]:
    return {
        "heading": ", ".join(filter(None, [post.network, post.sent_at])),
        "address": post.permalink,
        "text": post.text or "No words",
        "missing": post.missing,
        "photos": [
            _picture(photo.sha256, photo.alt_text or "A photo", f"{photo.alt_text} SHA-256 {photo.sha256}".strip())
            for photo in post.photos
            if photo.sha256 in pictures
        ],
    }


def _comment(number: int, comment: CommentTold) -> dict[str, object]:
    facts = [
        ("Network", comment.network),
        ("Shown name of the writer", comment.author),
        ("Number of the writer's account", comment.author_id),
        ("Written", comment.written_at),
        ("First seen here", comment.first_read_at),
        ("Now", comment.state),
        ("Address", comment.permalink or "None was given"),
    ]
    snapshots = [
        each.problem or f"Snapshot of {each.captured_at}, before anything was done. SHA-256 {each.sha256}"
        for each in comment.snapshots
    ]
    return {
        "heading": f"Comment {number}",
        "facts": [list(fact) for fact in facts],
        "words": comment.text or "No words are kept.",
        "snapshots": snapshots,
        "decisions": _items((*comment.decisions, *comment.appeals)),
    }


def _picture(sha256: str, alt: str, caption: str) -> dict[str, str]:
    return {"file": f"{sha256}.jpg", "alt": alt, "caption": caption}


def _items(lines: Sequence[Line]) -> list[dict[str, str]]:
    return [
        {"what": line.what, "when": ", ".join(filter(None, [line.at, line.who])), "words": line.words} for line in lines
    ]


def _printable(told: object) -> object:
    """Name every letter that the font lacks, such as an emoji or a look-alike: a report must not show empty boxes."""
    if isinstance(told, dict):
        return {key: _printable(value) for key, value in told.items()}
    if isinstance(told, list):
        return [_printable(value) for value in told]
    return "".join(map(_shown, told)) if isinstance(told, str) else told


def _shown(letter: str) -> str:
    if letter in _letters() or letter in _BREAKS:
        return letter
    return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"


@cache
def _letters() -> frozenset[str]:
    return frozenset((FONTS / "letters.txt").read_text(encoding="utf-8"))


def picture_digests(account: Account) -> tuple[tuple[str, ...], tuple[UUID, ...]]:
    """Return the photos of the posts by digest, and the screenshots by id: what has to be loaded."""
    photos = {photo.sha256 for post in account.posts for photo in post.photos}
    return tuple(sorted(photos)), tuple(picture.id for picture in account.pictures)
