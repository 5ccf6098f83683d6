"""A parent's way out: link, one-time code, switch off, receipt. Open to whoever has the link; it can only say no."""

from datetime import datetime, timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from sqlalchemy.orm import Session

from app.accounts.guards import public
from app.accounts.limits import limiter
from app.core import clock
from app.core.crypto import Sealer
from app.core.db import EVERY_SCHOOL, database
from app.core.settings import Settings
from app.notifications.mailer import MailError, MailServer, letter
from app.register import withdrawal
from app.register.forms import PURPOSES
from app.register.models import ParentContact, Pupil
from app.register.withdrawal import FACE_TEMPLATE, NOT_RIGHT, WithdrawalLinks
from app.schools.models import School
from consent.model import Purpose

blueprint = Blueprint("withdrawals", __name__, url_prefix="/withdraw")
SHOWN = "withdrawal"
OPEN_FOR = timedelta(minutes=15)
LABELS = {FACE_TEMPLATE: "Comparing faces with a template of your child"} | {
    purpose.value: label for purpose, label in PURPOSES.items()
}
LABELS |= {
    Purpose.FACEBOOK.value: "Photos on Facebook",
    Purpose.X.value: "Photos on X",
    Purpose.WEBSITE.value: "Photos on the school’s website",
    Purpose.INTERNAL.value: "Photos inside the school",
    Purpose.PRESS.value: "Photos in the press",
    Purpose.PROSPECTUS.value: "Photos in the prospectus",
}
SENT = "If the school has an e-mail address of yours, a code is on its way. It holds for fifteen minutes."


@blueprint.get("/<token>")
@limiter.limit("60 per minute", key_func=get_remote_address)
@public
def show(token: str) -> ResponseReturnValue:
    contact, school = _known(token)
    if not _is_open_for(contact):
        return render_template("withdrawals/code.html", token=token, school=school, may_mail=_server() is not None)
    with database().reading(contact.school_id) as session:
        on = withdrawal.switched_on(session, contact)
        child = _first_name(session, contact)
    return render_template(
        "withdrawals/choose.html", token=token, choices=withdrawal.CHOICES, on=on, labels=LABELS, child=child
    )


@blueprint.post("/<token>/code")
@limiter.limit("10 per minute; 30 per hour", key_func=get_remote_address)
@public
def send_code(token: str) -> ResponseReturnValue:
    """Send a code, and say the same whether or not there is an address to send it to."""
    contact, school = _known(token)
    server = _server()
    with database().transaction(contact.school_id) as session:
        code = withdrawal.mail_code(session, contact, sealer=_sealer()) if server is not None else None
    if server is not None and code is not None and contact.email:
        settings: Settings = current_app.extensions["schoolgate.settings"]
        sentence = f"The code is {code}. With it you can withdraw permissions that you gave to {school.name}."
        address = f"{settings.public_url}{url_for('withdrawals.show', token=token)}"
        message = letter(sender=settings.mail_from, to=contact.email, sentence=sentence, address=address)
        try:
            server.send(message)
        except MailError:
            flash("No e-mail can be sent just now. Try again later, or call the school office: a no in words counts.")
            return redirect(url_for("withdrawals.show", token=token))
    flash(SENT, "success")
    return redirect(url_for("withdrawals.show", token=token))


@blueprint.post("/<token>/enter")
@limiter.limit("10 per minute; 60 per hour", key_func=get_remote_address)
@public
def enter(token: str) -> ResponseReturnValue:
    contact, _ = _known(token)
    with database().transaction(contact.school_id) as session:
        is_right = withdrawal.use_code(session, contact, request.form.get("code", "")[:40], sealer=_sealer())
    if is_right:
        cookie[SHOWN] = [contact.id.hex, (clock.now() + OPEN_FOR).isoformat()]
    else:
        flash(NOT_RIGHT, "error")
    return redirect(url_for("withdrawals.show", token=token))


@blueprint.post("/<token>/switch-off")
@limiter.limit("10 per minute", key_func=get_remote_address)
@public
def switch_off(token: str) -> ResponseReturnValue:
    contact, school = _known(token)
    if not _is_open_for(contact):
        flash("The page was open for too long. Ask for another code.", "error")
        return redirect(url_for("withdrawals.show", token=token))
    with database().transaction(contact.school_id) as session:
        receipt = withdrawal.switch_off(session, contact, request.form.getlist("choices"))
        child = _first_name(session, contact)
    cookie.pop(SHOWN, None)
    return render_template(
        "withdrawals/receipt.html", school=school, receipt=receipt, labels=LABELS, child=child, at=clock.now()
    )


def _known(token: str) -> tuple[ParentContact, School]:
    with database().reading(EVERY_SCHOOL) as session:
        contact = links().whose(session, token)
        return contact, session.get_one(School, contact.school_id)


def _is_open_for(contact: ParentContact) -> bool:
    whose, until = cookie.get(SHOWN) or ("", "")
    return whose == contact.id.hex and datetime.fromisoformat(until) > clock.now()


def _first_name(session: Session, contact: ParentContact) -> str:
    pupil = session.get_one(Pupil, contact.pupil_id)
    return pupil.preferred_forename or pupil.legal_forename


def links() -> WithdrawalLinks:
    settings: Settings = current_app.extensions["schoolgate.settings"]
    return WithdrawalLinks(settings.keys()["secret"].decode())


def _server() -> MailServer | None:
    settings: Settings = current_app.extensions["schoolgate.settings"]
    url = settings.smtp_url.get_secret_value()
    return MailServer.at(url) if url else None


def _sealer() -> Sealer:
    found: Sealer = current_app.extensions["schoolgate.sealers"]["evidence"]
    return found
