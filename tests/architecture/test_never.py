"""What this product never does about people who comment: no profile, no link to a parent, no trait, no count."""

import re

import pytest
import sqlalchemy as sa

from app.comments.house_rules import HOUSE_RULES
from app.comments.models import Comment, CommentDecision
from app.comments.pile_on_models import PileOn
from app.comments.reply_models import Reply
from app.core.db import Base
from moderation import Action, Label
from moderation.policy import ROW_OF, TABLE
from tests.architecture.source import files

AUTHOR = {"author_name", "author_remote_id"}
ABOUT_PEOPLE = ("pupil", "parent_contact", "adult", "person", "biometric_consent", "face_template")
TRAITS = re.compile(r"reputation|strike|offence|trust_score|risk|sentiment|profile|persona|commenter|troll")


def test_no_table_is_about_people_who_comment():
    assert not [name for name in Base.metadata.tables if TRAITS.search(name) or re.search(r"(^|_)authors?(_|$)", name)]


def test_author_of_a_comment_stands_beside_the_comment_and_nowhere_else():
    found = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name in AUTHOR or TRAITS.search(column.name)
    }
    assert found == {("comment", name) for name in AUTHOR}


def test_nothing_can_be_looked_up_by_author():
    """Neither an index nor a key: the database itself is of no help to who wants a list of one person's comments."""
    table = Comment.__table__
    keys = [constraint.columns for constraint in table.constraints if isinstance(constraint, sa.UniqueConstraint)]
    indexed = {column.name for index in table.indexes for column in index.columns}
    assert not AUTHOR & (indexed | {column.name for columns in keys for column in columns})


@pytest.mark.parametrize("model", [Comment, CommentDecision, PileOn, Reply])
def test_no_comment_points_at_a_parent_or_pupil(model):
    pointed_at = {key.column.table.name for key in model.__table__.foreign_keys}
    assert not pointed_at & set(ABOUT_PEOPLE)


def test_no_query_groups_sorts_or_searches_by_author():
    """The author is written, sealed into evidence and shown beside it. All that is asked is whether the name is known."""
    asked = re.compile(
        r"(?:where|group_by|order_by|filter|distinct|join)\([^)]*author_(?:name|remote_id)"
        r"|Comment\.author_(?:name(?! == \"\")|remote_id(?!\.is_not\(None\)))"
    )
    assert not [str(path) for path in files("app") if asked.search(path.read_text())]


def test_criticism_is_in_no_row_that_hides():
    row = ROW_OF[Label.CRITICISM]
    assert (row.action, row.hide, row.routes) == (Action.ALLOW, False, ())


def test_every_harm_that_hides_is_a_house_rule_with_a_number_of_its_own():
    covered = {label for rule in HOUSE_RULES for label in rule.labels}
    assert {row.label for row in TABLE if row.hide} <= covered
    assert Label.CRITICISM not in covered
    assert [rule.number for rule in HOUSE_RULES] == list(range(1, len(HOUSE_RULES) + 1))
