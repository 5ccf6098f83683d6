"""Settings: protective defaults, plain addresses, and keys that are made once and kept to oneself."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.core.settings import KEY_NAMES, Settings


def settings(tmp_path, **given) -> Settings:
    return Settings(_env_file=None, data_folder=tmp_path, **given)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://school@db/schoolgate", "postgresql+psycopg://school@db/schoolgate"),
        ("postgres://school@db/schoolgate", "postgresql+psycopg://school@db/schoolgate"),
        ("postgresql+psycopg://school@db/schoolgate", "postgresql+psycopg://school@db/schoolgate"),
        ("sqlite:///elsewhere.sqlite3", "sqlite:///elsewhere.sqlite3"),
    ],
)
def test_a_plain_database_address_works(tmp_path, given, used):
    assert settings(tmp_path, database_url=given).resolved_database_url == used


def test_without_an_address_the_database_is_a_file_in_the_data_folder(tmp_path):
    assert settings(tmp_path).resolved_database_url == f"sqlite:///{tmp_path}/schoolgate.sqlite3"


def test_folders_follow_the_data_folder_unless_they_are_set(tmp_path):
    assert settings(tmp_path).resolved_media_folder == tmp_path / "media"
    assert settings(tmp_path, media_folder=Path("/elsewhere")).resolved_media_folder == Path("/elsewhere")


def test_variables_of_the_environment_are_read(tmp_path, monkeypatch):
    monkeypatch.setenv("SCHOOLGATE_WORKER_THREADS", "9")
    monkeypatch.setenv("SCHOOLGATE_PUBLIC_URL", "https://social.school.example/")
    read = settings(tmp_path)
    assert read.worker_threads == 9
    assert read.public_url == "https://social.school.example"
    assert read.is_secure


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("worker_threads", 0),
        ("worker_threads", "many"),
        ("sweep_seconds", 0),
        ("session_hours", 0),
        ("trusted_proxies", -1),
    ],
)
def test_nonsense_is_refused_at_the_start(tmp_path, name, value):
    with pytest.raises(ValidationError, match=name):
        settings(tmp_path, **{name: value})


def test_the_networks_are_the_real_ones_unless_somebody_says_otherwise(tmp_path):
    read = settings(tmp_path)
    assert (read.facebook_base_url, read.x_base_url) == ("https://graph.facebook.com", "https://api.x.com")
    assert not read.demo_sign_in


def test_secrets_do_not_show(tmp_path):
    read = settings(tmp_path, secret_key="s" * 40, smtp_url="smtp://office:hunter2@mail.example")
    assert "ssss" not in repr(read)
    assert "hunter2" not in repr(read)


def test_keys_are_made_once_and_kept(tmp_path):
    first = settings(tmp_path).keys()
    assert set(first) == set(KEY_NAMES)
    assert len(set(first.values())) == len(KEY_NAMES), "each kind of secret has a key of its own"
    assert settings(tmp_path).keys() == first


def test_made_keys_are_for_their_owner_alone(tmp_path):
    settings(tmp_path).keys()
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_two_installations_have_different_keys(tmp_path):
    """There is no default secret: it would work on the first day only."""
    one, other = settings(tmp_path / "one").keys(), settings(tmp_path / "other").keys()
    assert not set(one.values()) & set(other.values())


def test_processes_that_start_at_once_agree_on_the_keys(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = list(
            pool.map(lambda _: json.dumps({k: v.decode() for k, v in settings(tmp_path).keys().items()}), range(24))
        )
    assert len(set(keys)) == 1


def test_given_keys_count_before_kept_ones(tmp_path):
    kept = settings(tmp_path).keys()
    mixed = settings(tmp_path, token_key="t" * 40).keys()
    assert mixed["tokens"] == b"t" * 40
    assert mixed["evidence"] == kept["evidence"]


def test_with_every_key_given_nothing_is_written(tmp_path):
    given = {f"{name}_key": name * 12 for name in ("secret", "token", "template", "evidence")}
    settings(tmp_path, **given).keys()
    assert not list(tmp_path.iterdir())
