"""How long the words of a post take to check beside the names of a whole trust. Run with `make benchmark`.

Nothing fails for noise but the promise itself: under ten thousandths of a second a post.
"""

import resource
import statistics
import time
from datetime import date

import pytest

from consent import CheckSettings, check_text
from consent.words.gazetteer import compile_gazetteer
from tests.support.registers import lines, rich_school, trust

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]
PROMISED = 10.0


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize(("register", "label"), [(rich_school(), "1,400 names"), (trust(), "50,000 names")])
def test_posts_against_all_names(register, label, capsys):
    before, started = memory(), time.perf_counter()
    names = compile_gazetteer(register.people())
    compiled, weight = time.perf_counter() - started, memory() - before
    sentences = lines("ordinary.txt")
    posts = [" ".join(sentences[i : i + 5]) for i in range(0, 500, 5)]
    _measure(posts[:5], register, names)  # the word lists are read once
    times = [_measure(posts, register, names) for _ in range(3)]
    one = min(sum(run) / len(run) for run in times)
    median, slowest = statistics.median(times[0]), max(map(min, zip(*times, strict=True)))
    with capsys.disabled():
        print(f"\n{label}: compiled in {compiled:.2f} s, about {weight:.0f} MB more memory")
        print(f"posts of {len(posts[0])} letters: {one:.2f} ms each, median {median:.2f}, slowest {slowest:.2f}")
    assert one < PROMISED


def _measure(posts, register, names):
    times = []
    for post in posts:
        started = time.perf_counter()
        check_text(post, register, names=names, settings=CheckSettings(), on=date(2026, 11, 2), with_photo=True)
        times.append((time.perf_counter() - started) * 1000)
    return times
