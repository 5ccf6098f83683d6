"""Two schools in one installation: a session that is bound to one never sees, changes or points at the other's rows."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.audit.models import AuditEvent, AuditHead
from app.core.db import EVERY_SCHOOL, Base, SchoolScoped, school_of
from app.core.errors import UnscopedQueryError
from app.media.models import Photo
from app.posts.models import PostPhoto, Revision
from app.schools.models import School
from app.schools.services import create_school
from tests.integration.schools.rows import furnish, scoped_models

OF_THE_INSTALLATION = {"school", "heartbeat"}
APPEND_ONLY = {AuditEvent}


@pytest.fixture
def schools(database, school):
    """Return ours and theirs, each with a row in every table."""
    with database.transaction(EVERY_SCHOOL) as session:
        other = create_school(session, "Other School")
    return (school.id, furnish(database, school.id)), (other.id, furnish(database, other.id))


@pytest.fixture
def ours(schools):
    return schools[0]


@pytest.fixture
def theirs(schools):
    return schools[1]


def test_every_table_belongs_to_a_school():
    unowned = {table.name for table in Base.metadata.sorted_tables if "school_id" not in table.c}
    assert unowned == OF_THE_INSTALLATION
    loose = [
        table.name for table in Base.metadata.sorted_tables if "school_id" in table.c and table.c.school_id.nullable
    ]
    assert not loose
    scoped = {model.__table__.name for model in scoped_models()}
    assert scoped == {table.name for table in Base.metadata.sorted_tables} - OF_THE_INSTALLATION


def test_each_table_has_a_row_of_each_school(database, ours, theirs):
    """Without this the tests below could pass on empty tables."""
    with database.reading(EVERY_SCHOOL) as session:
        for model in scoped_models():
            assert set(session.scalars(sa.select(model.school_id))) == {ours[0], theirs[0]}, model.__name__


def entity(session, model, other):
    return session.scalars(sa.select(model)).all()


def fresh_entity(session, model, other):
    return session.scalars(sa.select(model).execution_options(populate_existing=True)).all()


def in_pieces(session, model, other):
    return list(session.scalars(sa.select(model).execution_options(yield_per=1)))


def by_its_school(session, model, other):
    return session.scalars(sa.select(model).where(model.school_id == other.school_id)).all()


def by_its_key(session, model, other):
    return session.scalars(sa.select(model).where(_key(model) == _key_of(other))).all()


def for_update(session, model, other):
    return session.scalars(sa.select(model).where(_key(model) == _key_of(other)).with_for_update(of=model)).all()


def through_an_alias(session, model, other):
    return session.scalars(sa.select(aliased(model))).all()


def from_a_subquery(session, model, other):
    inner = sa.select(model).where(_key(model) == _key_of(other)).subquery()
    return session.scalars(sa.select(aliased(model, inner))).all()


WAYS = [entity, fresh_entity, in_pieces, by_its_school, by_its_key, for_update, through_an_alias, from_a_subquery]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_of_asking_finds_another_schools_rows(database, ours, theirs, way):
    crossing = []
    for model in scoped_models():
        with database.transaction(ours[0]) as session:
            if any(row.school_id != ours[0] for row in way(session, model, theirs[1][model])):
                crossing.append(model.__name__)
    assert not crossing


def test_columns_counts_and_conditions_stop_at_the_school(database, ours, theirs):
    for model in scoped_models():
        other = _key_of(theirs[1][model])
        with database.reading(ours[0]) as session:
            assert set(session.scalars(sa.select(model.school_id))) == {ours[0]}
            of_theirs = sa.select(sa.func.count()).select_from(model).where(_key(model) == other)
            assert session.scalar(of_theirs) == 0
            assert not session.scalar(sa.select(sa.exists().where(_key(model) == other)))
            union = sa.union_all(sa.select(model.school_id), sa.select(model.school_id))
            assert set(session.scalars(union)) == {ours[0]}


def test_get_finds_only_our_own(database, ours, theirs):
    for model in scoped_models():
        with database.reading(ours[0]) as session:
            assert session.get(model, _key_of(theirs[1][model])) is None, model.__name__
            assert session.get(model, _key_of(ours[1][model])) is not None, model.__name__


def test_only_our_own_school_is_there(database, ours, theirs):
    with database.reading(ours[0]) as session:
        assert [school.id for school in session.scalars(sa.select(School))] == [ours[0]]
        assert session.get(School, theirs[0]) is None
        assert session.get(School, ours[0]) is not None


def test_a_sweep_sees_every_school(database, ours, theirs):
    with database.reading(EVERY_SCHOOL) as session:
        for model in scoped_models():
            assert session.get(model, _key_of(theirs[1][model])) is not None


def test_update_and_delete_stop_at_the_school(database, ours, theirs):
    for model in set(scoped_models()) - APPEND_ONLY:
        with database.transaction(ours[0]) as session:
            touched = session.execute(sa.update(model).values(school_id=model.school_id)).rowcount
            at_theirs = sa.delete(model).where(_key(model) == _key_of(theirs[1][model]))
            removed = session.execute(at_theirs.execution_options(synchronize_session=False)).rowcount
        assert (touched, removed) == (1, 0), model.__name__


def test_relationships_do_not_lead_out_of_the_school(database, ours, theirs):
    """Even when a row of ours points at one of theirs, as it would if a form were believed."""
    followed = 0
    for model in scoped_models():
        for relation in sa.inspect(model).relationships:
            _cross(database, relation, ours, theirs)
            for option in (None, joinedload, selectinload):
                with database.reading(ours[0]) as session:
                    assert not _seen(session, model, relation, option) & {theirs[0]}, f"{model.__name__}.{relation.key}"
                    followed += 1
    assert followed


def _cross(database, relation, ours, theirs) -> None:
    """Point our row at theirs, or their row at ours, behind the back of the scope."""
    local, remote = next(iter(relation.local_remote_pairs))
    with database.transaction(EVERY_SCHOOL) as session:
        if relation.uselist:
            child = session.get(relation.mapper.class_, theirs[1][relation.mapper.class_].id)
            setattr(child, remote.key, ours[1][relation.parent.class_].id)
            for column in remote.table.c:  # a position that is taken in our row's list
                if isinstance(column.type, sa.Integer) and column.key in ("position", "number"):
                    setattr(child, column.key, 99)
        else:
            parent = session.get(relation.parent.class_, ours[1][relation.parent.class_].id)
            setattr(parent, local.key, theirs[1][relation.mapper.class_].id)


def _seen(session: Session, model, relation, option) -> set[UUID]:
    query = sa.select(model)
    if option is not None:
        query = query.options(option(getattr(model, relation.key)))
    schools = set()
    for row in session.scalars(query).unique():
        found = getattr(row, relation.key)
        schools |= {other.school_id for other in (found if relation.uselist else [found]) if other is not None}
    return schools


def test_a_new_row_does_not_lead_to_another_schools_picture(database, ours, theirs):
    """A photo id from a form is only an id: what it points at must be ours to be seen."""
    with database.transaction(ours[0]) as session:
        revision = session.get_one(Revision, ours[1][Revision].id)
        new = PostPhoto(revision_id=revision.id, position=7, photo_id=theirs[1][Photo].id, alt_text="x")
        session.add(new)
        session.flush()
        assert new.photo is None


def test_a_row_of_another_school_cannot_be_written(database, ours, theirs):
    for model in (Photo, AuditHead):
        with database.reading(ours[0]) as session:
            row = session.get_one(model, _key_of(ours[1][model]))
        row.school_id = theirs[0]
        with pytest.raises(UnscopedQueryError), database.transaction(ours[0]) as session:
            session.add(row)


def test_a_row_of_another_school_cannot_be_added(database, ours, theirs):
    with pytest.raises(UnscopedQueryError), database.transaction(ours[0]) as session:
        session.add(Revision(school_id=theirs[0], post_id=theirs[1][Revision].post_id, number=9))


def test_a_row_from_elsewhere_cannot_be_smuggled_in(database, ours, theirs):
    """`merge` and `add` take rows that were read in another session."""
    stranger = theirs[1][Photo]
    stranger_id, stranger.file_name = stranger.id, "taken over.jpg"
    with pytest.raises(UnscopedQueryError), database.transaction(ours[0]) as session:
        session.add(stranger)
    with database.reading(theirs[0]) as session:
        assert session.get_one(Photo, stranger_id).file_name != "taken over.jpg"


def test_a_new_row_gets_the_school_of_its_session(database, ours):
    assert all(row.school_id == ours[0] for row in ours[1].values())


def test_a_session_for_every_school_has_no_school(database):
    with database.reading(EVERY_SCHOOL) as session, pytest.raises(UnscopedQueryError):
        school_of(session)


def _key(model):
    return AuditHead.school_id if model is AuditHead else model.id


def _key_of(row):
    return row.id if hasattr(row, "id") else row.school_id


def test_the_marker_is_what_narrows():
    """A table with a school_id that does not wear the marker would be seen by every school."""
    owned = {mapper.class_ for mapper in Base.registry.mappers if "school_id" in mapper.columns}
    assert not {model.__name__ for model in owned if not issubclass(model, SchoolScoped)}
