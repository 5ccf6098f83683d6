"""Adapters whose network says just what it is told to say."""

from requests.structures import CaseInsensitiveDict

from app.platforms.facebook import FacebookPage, Graph
from app.platforms.pace import Allowance
from app.platforms.transport import Answer
from app.platforms.x import Client, XAccount

PAGE = "112130216863063"
KEYS = ("api-key", "api-secret", "access-token", "access-secret")


class Script:
    """Gives the answers in turn, the last one again and again; writes down what was asked."""

    def __init__(self, *answers):
        self._answers = list(answers)
        self.asked = []

    def call(self, method, path, **more):
        self.asked.append((method, path, more))
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def said(body=None, status=200, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, body, CaseInsensitiveDict(named))


def facebook(*answers):
    script = Script(*answers)
    return FacebookPage(PAGE, Graph("EAAtoken", "v25.0", script, Allowance(), app_id="1", app_secret="s")), script


def x(*answers):
    script = Script(*answers)
    return XAccount("42", "school", Client(KEYS, script, Allowance())), script
