"""Before a webhook address is taken, it must show that it knows the verify token."""

import secrets

import requests


class HandshakeError(Exception):
    """The address did not give the challenge back."""


def shake_hands(url: str, verify_token: str, *, timeout: float = 10) -> None:
    challenge = str(secrets.randbelow(2**31))
    question = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    try:
        answer = requests.get(url, params=question, timeout=timeout, allow_redirects=False)
    except requests.RequestException as error:
        raise HandshakeError(f"the address could not be reached ({type(error).__name__})") from error
    if answer.status_code != 200:
        raise HandshakeError(f"HTTP Status Code = {answer.status_code}; HTTP Message = {answer.reason}")
    if answer.text.strip() != challenge:
        raise HandshakeError("the challenge was not given back as plain text")
