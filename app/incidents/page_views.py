"""The page of one incident, as its view shows it and as every deed on it shows it again when something is missing."""

from collections.abc import Callable, Collection
from typing import cast
from uuid import UUID

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts.guards import current_actor
from app.accounts.queries import names_of
from app.comments.cards import cards_for
from app.comments.models import Comment
from app.core import clock
from app.core.actors import Actor
from app.core.crypto import Sealer
from app.core.db import database
from app.core.errors import InvalidInputError, NotFoundError, WrongStateError
from app.core.permissions import Permission as P  # noqa: N817  read by column with the guards
from app.incidents import forms, handing_over, queries
from app.incidents.account import NOT_REMOVED, account_of, history_of, people_in
from app.incidents.authorities import AUTHORITIES, HELPLINES, LOCAL, wordings
from app.incidents.kinds import CARDS
from app.incidents.listing import is_guess, second_steps, title_of, writers_of
from app.incidents.models import Incident, IncidentKind
from app.incidents.plain_text import text_of
from app.incidents.policies import may_write
from app.web.forms import SchoolgateForm

READERS = (P.INCIDENT_READ, P.SAFEGUARDING_READ, P.ALLEGATION_ABOUT_HEAD_READ)
_FORMS: tuple[type[SchoolgateForm], ...] = (
    forms.NoteForm,
    forms.SupportForm,
    forms.AddReportForm,
    forms.CircleForm,
    forms.JoinForm,
    forms.CloseForm,
    forms.ReopenForm,
    forms.PictureForm,
)


def page_of(incident_id: UUID, answered: SchoolgateForm | None = None) -> str:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        incident = queries.readable_incident(session, incident_id, actor=actor)
        papers = queries.file_of(session, incident, actor=actor)
        categories = [word for each in papers.comments for word in each.categories]
        cards = cards_for(session, papers.comments, actor=actor)
        account = account_of(session, incident, actor=actor, sealer=evidence_sealer())
        return render_template(
            "incidents/show.html",
            incident=incident,
            card=CARDS[incident.kind],
            is_guess=is_guess(incident),
            title=title_of(incident, categories),
            second=second_steps(incident, categories),
            writers=writers_of(papers.comments) if incident.kind is IncidentKind.THREAT else 0,
            papers=papers,
            comments=cards,
            names=names_of(session, people_in(incident, papers)),
            authorities=AUTHORITIES,
            ways=wordings(session),
            nothing_there=_nothing_there(papers.comments),
            local=LOCAL,
            helplines=HELPLINES,
            not_removed=NOT_REMOVED,
            about_the_head=handing_over.why_barred(session, incident),
            forms=_blank_forms(session, incident, answered, actor),
            answered=answered,
            may_write=may_write(incident, actor),
            may_see_breach=actor.may(P.BREACH_MANAGE),
            may_edit_contacts=actor.may(P.SAFEGUARDING_WRITE),
            text=text_of(account),
            history=history_of(papers),
            now=clock.now(),
        )


def answer(
    incident_id: UUID, form: SchoolgateForm, act: Callable[[Session, Actor], object], done: str = "Saved."
) -> ResponseReturnValue:
    """Do one thing to an incident, or show its page again with what is missing."""
    actor = current_actor()
    if not form.validate_on_submit():
        return page_of(incident_id, form), 422
    try:
        with database().transaction(actor.school_id) as session:
            act(session, actor)
    except (InvalidInputError, WrongStateError) as error:
        form.form_errors = [error.sentence]
        return page_of(incident_id, form), error.status
    flash(done, "success")
    return redirect(_way_back(incident_id, actor))


def _nothing_there(comments: Collection[Comment]) -> str:
    """What to say of the report to the network where there is no comment to open; empty where there is."""
    if not comments:
        return "Report it where it was seen, with the network's own “Report”."
    if any(comment.state.is_on_network for comment in comments):
        return ""
    return (
        "It is not on the network any more, so there is nothing to open. Note that this report is not needed, and why."
    )


def evidence_sealer() -> Sealer:
    found: Sealer = current_app.extensions["schoolgate.sealers"]["evidence"]
    return found


def _way_back(incident_id: UUID, actor: Actor) -> str:
    """Stay on the page, unless handing the incident over has closed it for this person."""
    with database().reading(actor.school_id) as session:
        try:
            queries.readable_incident(session, incident_id, actor=actor)
        except NotFoundError:
            return url_for("incidents.index")
    return url_for("incidents.show", incident_id=incident_id)


def _blank_forms(
    session: Session, incident: Incident, answered: SchoolgateForm | None, actor: Actor
) -> dict[str, SchoolgateForm]:
    found = {kind.__name__: kind(formdata=None) for kind in _FORMS}
    found["KindForm"] = forms.KindForm(formdata=None, obj=incident)
    found["CircleForm"] = forms.CircleForm(formdata=None, audience=None)
    if answered is not None and type(answered).__name__ in found:
        found[type(answered).__name__] = answered
    circles = handing_over.circles_for(session, incident, actor)
    asks = handing_over.must_say_it_is_not_about_them(incident)
    cast("forms.CircleForm", found["CircleForm"]).offer(circles, asks=asks)
    doubles = queries.joinable(session, incident, actor=actor)
    found["JoinForm"].into.choices = [
        (str(each.id), f"{each.reference}: {CARDS[each.kind].label}, {clock.london(each.opened_at):%d/%m/%Y %H:%M}")
        for each in doubles
    ]
    return found
