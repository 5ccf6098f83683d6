"""How the rules did, and the school's own say over them: words, switches, rules that only look on."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.comments import switches
from app.comments.learning import record_of
from app.core.db import database
from app.core.permissions import Permission
from app.schools.services import school_with
from moderation import known_rules
from moderation.policy_words import HARM_NAMES

blueprint = Blueprint("rules", __name__, url_prefix="/comments/rules")


@blueprint.get("")
@requires(Permission.COMMENT_READ)
def index() -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        record = record_of(session)
        school = school_with(session, actor.school_id)
    known = [rule for rule in known_rules() if not rule.retired]
    return render_template(
        "comments/rules.html",
        record=record,
        school=school,
        settings=school.settings,
        known=sorted(known, key=lambda rule: (rule.rule not in record.rules, rule.rule)),
        harms=HARM_NAMES,
        may_decide=actor.may(Permission.COMMENT_DECIDE),
    )


@blueprint.post("/hiding")
@requires(Permission.COMMENT_DECIDE)
def hiding() -> ResponseReturnValue:
    actor, on = current_actor(), request.form.get("on") == "yes"
    with database().transaction(actor.school_id) as session:
        switches.switch_hiding(session, on=on, reason=request.form.get("reason", ""), actor=actor)
    flash("The rules hide again by themselves." if on else "Nothing is hidden by itself any more.", "success")
    return redirect(url_for("rules.index"))


@blueprint.post("/rule")
@requires(Permission.COMMENT_DECIDE)
def rule() -> ResponseReturnValue:
    actor, name = current_actor(), request.form.get("rule", "")
    with database().transaction(actor.school_id) as session:
        mode, reason = request.form.get("mode", ""), request.form.get("reason", "")
        switches.set_rule(session, name, mode=mode, reason=reason, actor=actor)
    flash("Changed. It holds from the next comment on.", "success")
    return redirect(url_for("rules.index"))


@blueprint.post("/words")
@requires(Permission.COMMENT_DECIDE)
def words() -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        blocked, allowed = (request.form.get(name, "").splitlines() for name in ("blocked", "allowed"))
        switches.set_words(session, blocked=blocked, allowed=allowed, actor=actor)
    flash("Saved. It holds from the next comment on.", "success")
    return redirect(url_for("rules.index"))
