"""The house rules of a school, for everybody who comments."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.accounts.guards import public
from app.comments.house_rules import HOUSE_RULES
from app.core.db import EVERY_SCHOOL, database
from app.schools.services import find_school

blueprint = Blueprint("house_rules", __name__, url_prefix="/house-rules")


@blueprint.get("/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    with database().reading(EVERY_SCHOOL) as session:
        school = find_school(session, slug)
    return render_template("comments/house_rules.html", school=school, rules=HOUSE_RULES)
