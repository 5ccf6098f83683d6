"""What is worked out of a register is kept until that register changes."""

from uuid import uuid4

from app.register.keeping import KeptBySchool


def test_change_in_one_school_costs_no_other_its_place():
    made = []
    kept = KeptBySchool(most=2)
    ours, theirs, third = uuid4(), uuid4(), uuid4()

    def ask(school, version):
        return kept.get(school, version, lambda: made.append((school, version)) or len(made))

    assert ask(ours, 1) == ask(ours, 1) == 1
    for version in range(5):
        ask(theirs, version)
    assert ask(ours, 1) == 1
    ask(third, 1)  # more schools than are kept: the one that was asked for longest ago goes
    assert ask(ours, 1) == 1
    ask(theirs, 4)
    assert made == [(ours, 1), *((theirs, version) for version in range(5)), (third, 1), (theirs, 4)]
