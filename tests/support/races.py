"""Two transactions at the same time."""

from contextlib import contextmanager
from threading import Event, Thread

PATIENCE = 10


@contextmanager
def meanwhile(database, school_id, work):
    """Do this in another transaction, which is written half a second after the block was entered."""
    done, failed = Event(), []

    def run():
        try:
            with database.transaction(school_id) as session:
                work(session)
                done.set()
                Event().wait(0.5)
        except Exception as error:  # told to the test below
            failed.append(error)
            done.set()

    thread = Thread(target=run)
    thread.start()
    assert done.wait(PATIENCE)
    try:
        yield
    finally:
        thread.join(PATIENCE)
    assert failed == []
