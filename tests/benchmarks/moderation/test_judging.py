"""How long one comment takes, how many a second one core judges, and how much memory the engine holds; printed."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

import moderation
from moderation import Comment, Context, judge, judge_all

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(300)]
DATA = Path(__file__).parents[2] / "data" / "comments"
SLOWEST_MS, FEWEST_A_SECOND, MOST_MB = 20, 1000, 300
NOISE = 3
"""Shared machines are slow now and then: the limits fail only by a wide margin, the figures are printed."""


def _texts():
    files = (DATA / f"{name}.jsonl" for name in ("dev", "test", "fresh"))
    return [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def test_one_comment_is_judged_in_time():
    moderation.warm_up()
    took = []
    for text in _texts():
        start = time.process_time()
        judge(Comment(text))
        took.append((time.process_time() - start) * 1000)
    took.sort()
    print(f"\none comment: median {took[len(took) // 2]:.2f} ms, 99th percentile {took[int(len(took) * 0.99)]:.2f} ms")
    assert took[int(len(took) * 0.99)] < SLOWEST_MS


def test_longest_comment_is_judged_in_time():
    moderation.warm_up()
    start = time.process_time()
    judge(Comment("you are a w a n k e r and f*** off 07700 900123 😂 " * 200))
    took = (time.process_time() - start) * 1000
    print(f"\n10,000 characters of disguised abuse: {took:.0f} ms")
    assert took < 1500


def test_pile_on_is_judged_by_one_core():
    moderation.warm_up()
    cases = [(Comment(text), Context()) for text in _texts()]
    start = time.process_time()
    judge_all(cases)
    rate = len(cases) / (time.process_time() - start)
    print(f"\nin batch: {rate:.0f} comments a second on one core")
    assert rate * NOISE > FEWEST_A_SECOND


def test_engine_stays_small_in_memory():
    status = "pathlib.Path('/proc/self/status').read_text()"
    code = f"import moderation, pathlib; moderation.warm_up(); print({status}.split('VmRSS:')[1].split()[0])"
    kilobytes = int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    print(f"\nmemory of a process with the engine alone: {kilobytes / 1024:.0f} MB")
    assert kilobytes / 1024 < MOST_MB
