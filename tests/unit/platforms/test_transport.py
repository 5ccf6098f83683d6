"""The one way out: bounded in size and time, never led elsewhere, and honest about what was not answered."""

import gzip
import socket
import ssl
import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.platforms import transport as transport_module
from app.platforms.errors import AuthorizationError, OutcomeUnknownError, TransientError
from app.platforms.transport import Bearer, Timeouts, Transport, waiting_briefly
from tests.unit.platforms.raw_server import answering, reply

QUICK = Timeouts(connect=1.0, read=0.4, whole=0.8)
ENDLESS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(content):
    return b"%x\r\n%s\r\n" % (len(content), content)


def call(server, method="POST", **more):
    return Transport(server.url, QUICK).call(method, "/v25.0/me", **more)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_answer_is_status_json_and_headers(method):
    with answering(reply(b'{"id": "1"}', b"201 Created", b"X-Seen: yes")) as server:
        answer = call(server, method)
    assert (answer.status, answer.fields, answer.headers["x-seen"]) == (201, {"id": "1"}, "yes")


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"id": "12', b"\xff\xfe", b"[" * 100_000, b"9" * 5000, b"nul", b'{"a": 1}{"b": 2}']
)
def test_what_is_no_json_is_no_answer(body):
    with answering(reply(body)) as server:
        answer = call(server)
    assert (answer.body, answer.fields) == (None, {})


@pytest.mark.parametrize("body", [b"[]", b"null", b"true", b'"id"', b"12"])
def test_json_that_is_no_object_has_no_fields(body):
    with answering(reply(body)) as server:
        assert call(server).fields == {}


def test_compressed_answers_are_read():
    with answering(reply(gzip.compress(b'{"id": "1"}'), b"200 OK", b"Content-Encoding: gzip")) as server:
        assert call(server).fields == {"id": "1"}


HALF_ANSWERS = {
    "nothing": b"",
    "no answer of HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "shorter than it says": b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{}",
    "chunks that break off": ENDLESS + chunk(b'{"id":') + b"5\r\n",
    "broken compression": reply(b"\x1f\x8bnonsense", b"200 OK", b"Content-Encoding: gzip"),
}
CROOKED_ANSWERS = {
    "a crooked length": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-",
}


@pytest.mark.parametrize("name", HALF_ANSWERS)
def test_half_an_answer_leaves_a_write_uncertain(name):
    with answering(HALF_ANSWERS[name]) as server, pytest.raises(OutcomeUnknownError):
        call(server)
    with answering(HALF_ANSWERS[name]) as server, pytest.raises(TransientError):
        call(server, "GET")


@pytest.mark.parametrize("name", CROOKED_ANSWERS)
def test_crooked_answer_holds_nothing(name):
    with answering(CROOKED_ANSWERS[name]) as server:
        assert call(server).body is None


def test_answer_without_end_is_cut_off(monkeypatch):
    monkeypatch.setattr(transport_module, "MOST_BYTES", 100_000)
    flood = [ENDLESS, *[chunk(b"x" * 50_000)] * 100]
    with answering(flood) as server, pytest.raises(OutcomeUnknownError):
        call(server)


def test_tiny_answer_that_swells_is_cut_off(monkeypatch):
    monkeypatch.setattr(transport_module, "MOST_BYTES", 1_000_000)
    bomb = reply(gzip.compress(b"0" * 50_000_000), b"200 OK", b"Content-Encoding: gzip")
    with answering(bomb) as server, pytest.raises(OutcomeUnknownError):
        call(server)


def test_answer_that_drips_is_given_up():
    drops = [ENDLESS, *[chunk(b"x")] * 60]
    begun = time.monotonic()
    with answering(drops, pause=0.1) as server, pytest.raises(OutcomeUnknownError):
        call(server)
    assert time.monotonic() - begun < 5


def test_silence_is_given_up():
    begun = time.monotonic()
    with answering([b"", b""], pause=1.0) as server, pytest.raises(OutcomeUnknownError):
        call(server)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "nonsense", "http://[::1"])
def test_write_that_never_left_is_safe_to_repeat(address):
    with pytest.raises(TransientError):
        Transport(address, QUICK).call("POST", "/feed", data={"message": "Hello"})


def test_network_that_accepts_nothing_in_time_is_safe_to_repeat(monkeypatch):
    def never(*_, **__):
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "create_connection", never)
    monkeypatch.setattr("urllib3.util.connection.create_connection", never)
    with pytest.raises(TransientError):
        Transport("http://127.0.0.1:9", QUICK).call("POST", "/feed")


def test_certificate_of_somebody_else_is_safe_to_repeat(tmp_path):
    """Nothing is said to a network that cannot show who it is."""
    certificate, key = self_signed()
    (tmp_path / "pair.pem").write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "pair.pem")
    with answering(reply(), context=context) as server, pytest.raises(TransientError):
        Transport(server.url.replace("http", "https"), QUICK).call("POST", "/feed")
    assert (server.connections, server.requests) == (1, [])


def test_slow_line_may_take_longer_for_a_picture_than_any_single_limit():
    timeouts = Timeouts(connect=0.25, read=5.0, whole=5.0)
    picture = {"source": ("photo.jpeg", bytes(6 * 1024 * 1024), "image/jpeg")}
    begun = time.monotonic()
    with answering(reply(b'{"id": "1"}'), reads_slowly=True) as server:
        answer = Transport(server.url, timeouts).call("POST", "/photos", data={"published": "false"}, files=picture)
    assert answer.fields == {"id": "1"}
    assert time.monotonic() - begun > timeouts.connect


@pytest.mark.parametrize("status", [b"301 Moved", b"302 Found", b"307 Temporary Redirect", b"308 Permanent Redirect"])
def test_redirects_are_not_followed(status):
    with answering(reply()) as elsewhere:
        leads_away = reply(b"", status, b"Location: " + elsewhere.url.encode())
        with answering(leads_away) as server:
            assert call(server, auth=Bearer("token")).status in {301, 302, 307, 308}
        assert elsewhere.requests == []


def test_connection_is_kept_from_call_to_call():
    with answering(reply(), reply(), reply(), keep_open=True) as server:
        transport = Transport(server.url, QUICK)
        for _ in range(3):
            transport.call("GET", "/me")
    assert (server.connections, len(server.requests)) == (1, 3)


def test_cookies_and_environment_are_left_alone(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with answering(reply(b"{}", b"200 OK", b"Set-Cookie: guest=1"), reply(), keep_open=True) as server:
        transport = Transport(server.url, QUICK)
        for _ in range(2):
            transport.call("GET", "/me")
    assert b"cookie" not in server.requests[1].lower()


def test_token_travels_in_the_header_alone():
    with answering(reply()) as server:
        call(server, data={"message": "Hello"}, auth=Bearer("secret-token"))
    (request,) = server.requests
    assert b"Authorization: Bearer secret-token\r\n" in request
    assert request.count(b"secret-token") == 1


@pytest.mark.parametrize("token", ["line\nbreak", "two words", "smart “quotes”", "nul\x00", "tab\t"])
def test_crooked_token_is_not_sent_nor_shown(token):
    with answering(reply()) as server:
        with pytest.raises(AuthorizationError) as caught:
            call(server, auth=Bearer(token))
        assert server.requests == []
    assert token not in str(caught.value)


def self_signed():
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1)
    )
    return builder.sign(key, hashes.SHA256()), key


def test_short_patience_ends_with_what_asked_for_it(monkeypatch):
    monkeypatch.setattr(transport_module, "SHORT", Timeouts(connect=1.0, read=0.2, whole=0.4))
    with answering(b"", pause=1.2) as server:
        transport = Transport(server.url, Timeouts(connect=1.0, read=1.0, whole=1.0))
        assert _seconds(transport, is_short=True) < 0.8
    with answering(b"", pause=1.2) as server:
        transport = Transport(server.url, Timeouts(connect=1.0, read=1.0, whole=1.0))
        assert _seconds(transport, is_short=False) >= 0.9


def test_short_patience_is_never_longer_than_the_usual():
    assert Timeouts(connect=1.0, read=1.0, whole=60.0).at_most(transport_module.SHORT).read == 1.0


def _seconds(transport, *, is_short):
    begun = time.monotonic()
    with waiting_briefly() if is_short else nullcontext(), pytest.raises(OutcomeUnknownError):
        transport.call("POST", "/me")
    return time.monotonic() - begun
