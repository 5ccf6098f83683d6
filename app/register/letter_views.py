"""The office makes a letter with which a parent can withdraw."""

from uuid import UUID

from flask import abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core.db import database
from app.core.permissions import Permission
from app.core.settings import Settings
from app.register import withdrawal
from app.register.models import ParentContact
from app.register.services import pupil_with
from app.register.withdrawal_views import links
from app.schools.services import school_with


@requires(Permission.REGISTER_WRITE)
def withdrawal_letter(pupil_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    """Show the letter to print: the parent's own link and a code, which is shown this once."""
    actor = current_actor()
    settings: Settings = current_app.extensions["schoolgate.settings"]
    with database().transaction(actor.school_id) as session:
        pupil, contact = pupil_with(session, pupil_id), session.get(ParentContact, contact_id)
        if contact is None or contact.pupil_id != pupil.id:
            abort(404)
        sealer = current_app.extensions["schoolgate.sealers"]["evidence"]
        code = withdrawal.print_code(session, contact, sealer=sealer, actor=actor)
        school = school_with(session, actor.school_id)
    address = settings.public_url + url_for("withdrawals.show", token=links().token_for(contact.id))
    return render_template(
        "register/withdrawal_letter.html", pupil=pupil, contact=contact, school=school, code=code, address=address
    )
