"""What is committed says nothing of the machine it was made on, and every setting is written down."""

import re
from collections import Counter

import pytest

from app.core.settings import Settings
from app.sandbox.settings import SandboxSettings
from tests.architecture.source import ROOT, committed, place

MACHINE_PATH = re.compile(rb"(?<![\w.$}])/(?:work|root|home|Users|private)/[\w.-]+")
SECRET = re.compile(rb"-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----")
DEMO = re.compile(r"SCHOOLGATE_DEMO_")
EXAMPLE = ROOT / ".env.example"


@pytest.mark.parametrize(("pattern", "why"), [(MACHINE_PATH, "an absolute path"), (SECRET, "a private key")])
def test_nothing_committed_holds(pattern, why):
    found = [f"{place(path)}: {match[0]!r}" for path in committed() if (match := pattern.search(path.read_bytes()))]
    assert not found, why


def test_a_machine_path_is_recognised():
    assert MACHINE_PATH.search(b"see " + b"/" + b"home/somebody/notes")
    assert not MACHINE_PATH.search(b"https://graph.example/work/123 and ./home/start")


def settings_of(kind) -> set[str]:
    prefix = kind.model_config["env_prefix"]
    return {f"{prefix}{name}".upper() for name in kind.model_fields}


def written_down() -> set[str]:
    return set(re.findall(r"^#?\s?(SCHOOLGATE_\w+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_setting_is_in_the_example():
    missing = settings_of(Settings) - written_down()
    assert not missing


def test_the_example_names_no_setting_that_is_gone():
    known = settings_of(Settings) | settings_of(SandboxSettings)
    assert not {name for name in written_down() - known if not DEMO.match(name)}


def test_the_example_has_no_secret_in_it():
    """Whoever copies the file must not run with a key that everybody knows."""
    keys = re.findall(
        r"^(SCHOOLGATE_\w*(?:_KEY|_TOKEN|_SECRET))=(.+)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert not keys


def test_every_test_file_has_a_name_of_its_own():
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []
