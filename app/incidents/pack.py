"""The evidence pack: a ZIP with everything about one incident, and the digest of every item in it."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.models import AuditEvent, AuditHead
from app.audit.services import hashed_text, verify
from app.core import clock
from app.core.db import school_of
from app.incidents.account import NOT_REMOVED, Account
from app.incidents.paper import as_pdf

STYLE = Path(__file__).with_name("report.css")
HOW_TO_CHECK = (
    (
        "manifest.json names every other file of the pack with its SHA-256. To see the SHA-256 of a file, type "
        "`certutil -hashfile FILE SHA256` on Windows, `shasum -a 256 FILE` on a Mac, or `sha256sum FILE` on Linux."
    ),
    (
        "Times in this report are those that clocks in England showed. In the files they are in universal time (UTC), "
        "which is an hour earlier in summer."
    ),
    (
        "Each file under comments/ is a snapshot exactly as it was sealed before anything was done to the comment. "
        "Its SHA-256 is the one in this report and in the school's record."
    ),
    (
        "audit.json holds the events of this incident from the school's audit record, and nothing else of it. The "
        "SHA-256 of an event's `hashed_text` is its `hash`. Each text begins with the hash of the event before it."
    ),
)


@dataclass(frozen=True, slots=True)
class Trail:
    """The incident's events of the audit record, and how the whole chain stood when they were copied."""

    events: tuple[Mapping[str, object], ...]
    chain: Mapping[str, object]

    @property
    def sentence(self) -> str:
        if self.chain["problem"]:
            return f"The chain of the audit record did not hold when this was made: {self.chain['problem']}."
        return (
            f"When this was made, the whole chain of {self.chain['events']} events was checked and held. "
            f"Its last hash was {self.chain['last_hash']}."
        )


def trail_of(session: Session, events: Sequence[AuditEvent]) -> Trail:
    """Copy the events of one incident and check the chain that they are part of."""
    school_id = school_of(session)
    report, head = verify(session, school_id), session.get(AuditHead, school_id)
    copied = tuple(
        {
            "sequence": event.sequence,
            "at": event.at.isoformat(),
            "tag": event.tag,
            "by": event.actor_name,
            "hash": event.hash,
            "previous_hash": event.previous_hash,
            "hashed_text": hashed_text(event),
        }
        for event in events
    )
    chain = {
        "checked_at": clock.now().isoformat(),
        "events": report.events,
        "problem": report.problem,
        "last_hash": head.hash if head else None,
    }
    return Trail(copied, chain)


@dataclass(frozen=True, slots=True)
class Packed:
    pdf: bytes
    zip: bytes


def packed(
    account: Account,
    trail: Trail,
    photos: Mapping[str, bytes],
    screenshots: Mapping[UUID, bytes],
    render: Callable[..., str],
    *,
    at: datetime,
) -> Packed:
    """Make the PDF and the ZIP. `render` turns the account into a page."""
    proof = (*HOW_TO_CHECK, trail.sentence)
    shown = {**photos, **{each.sha256: screenshots[each.id] for each in account.pictures}}
    pdf = as_pdf(account, shown, proof)
    files: dict[str, bytes] = {
        "report.pdf": pdf,
        "report.html": render(account=account, proof=proof, not_removed=NOT_REMOVED).encode(),
        "report.css": STYLE.read_bytes(),
        "incident.json": _json(asdict(account)),
        "audit.json": _json({"chain": trail.chain, "events": trail.events}),
    }
    for number, comment in enumerate(account.comments, start=1):
        for version, snapshot in enumerate(comment.snapshots, start=1):
            if not snapshot.problem:
                files[f"comments/{number}-{version}.json"] = snapshot.content.encode()
    files |= {f"photos/{sha256}.jpg": content for sha256, content in photos.items()}
    files |= {f"screenshots/{each.sha256}.jpg": screenshots[each.id] for each in account.pictures}
    files["manifest.json"] = _manifest(account, trail, files, at)
    return Packed(pdf, _zipped(files, at))


def _manifest(account: Account, trail: Trail, files: Mapping[str, bytes], at: datetime) -> bytes:
    return _json(
        {
            "incident": account.reference,
            "school": account.school,
            "made_at": at.isoformat(),
            "made_by": account.made_by,
            "audit_chain": trail.chain,
            "files": [
                {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                for name, content in sorted(files.items())
            ],
        }
    )


def _zipped(files: Mapping[str, bytes], at: datetime) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=clock.london(at).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return output.getvalue()


def _json(told: object) -> bytes:
    return json.dumps(told, indent=2, ensure_ascii=False, default=str).encode()
