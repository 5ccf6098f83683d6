"""One sandbox in use: its accounts, and clients of both networks pointed at it."""

import io
from contextlib import contextmanager
from threading import Thread

import facebook
import requests
import tweepy
from PIL import Image
from requests_oauthlib import OAuth1

from app.sandbox import close_sandbox, open_server

VERSION = "v25.0"


class Graph(facebook.GraphAPI):
    """facebook-sdk, sending its requests to the sandbox; nothing else is mended."""

    def __init__(self, base: str, token: str) -> None:
        super().__init__(access_token=token)
        self.version = VERSION
        self.session.headers["X-Test"] = "facebook-sdk"
        self._base = base

    def request(self, path, args=None, post_args=None, files=None, method=None):
        facebook.FACEBOOK_GRAPH_URL = self._base
        return super().request(path, args=args, post_args=post_args, files=files, method=method)


class Tweepy(tweepy.Client):
    """tweepy, sending its requests to the sandbox."""

    base = ""

    def request(self, method, route, params=None, json=None, user_auth=False):
        session_request = self.session.request
        self.session.request = lambda verb, url, **rest: session_request(
            verb, url.replace("https://api.twitter.com", self.base), **rest
        )
        try:
            return super().request(method, route, params=params, json=json, user_auth=user_auth)
        finally:
            self.session.request = session_request


class Rehearsal:
    """One sandbox, one Page, one X account, and the shortest ways to call them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self.page = self.control("POST", "/facebook/pages", {"name": "Bramley Hill School", "username": "bramleyhill"})
        self.x = self.control("POST", "/x/accounts", {"handle": "bramleyhill", "name": "Bramley Hill School"})
        self.page_id = self.page["page_id"]

    def control(self, method, path, body=None):
        answer = self.http.request(method, f"{self.url}/_control{path}", json=body, timeout=20)
        assert answer.ok, answer.text
        return answer.json()

    def graph(self, method, path, *, token=None, params=None, data=None, files=None, headers=None, timeout=10):
        sent = {"Authorization": f"Bearer {token or self.page['page_token']}"} if token != "" else {}
        return self.http.request(
            method,
            f"{self.url}/graph/{VERSION}/{path}",
            params=params,
            data=data,
            files=files,
            headers={**sent, **(headers or {})},
            timeout=timeout,
            allow_redirects=False,
        )

    def api(self, method, path, *, auth=None, params=None, json=None, files=None, data=None, headers=None, timeout=10):
        return self.http.request(
            method,
            f"{self.url}/x/2{path}",
            params=params,
            json=json,
            files=files,
            data=data,
            headers=headers,
            auth=auth or self.keys(),
            timeout=timeout,
            allow_redirects=False,
        )

    def keys(self, **changed):
        named = {
            "client_key": "consumer_key",
            "client_secret": "consumer_secret",
            "resource_owner_key": "access_token",
            "resource_owner_secret": "access_token_secret",
        }
        return OAuth1(**{name: self.x[key] for name, key in named.items()} | changed)

    def fault(self, kind, operation="*", **more):
        return self.control("POST", "/faults", {"kind": kind, "operation": operation, **more})

    def publish(self, message="Sports day is on Friday.", photos=0, **more):
        fields = {"message": message, **more}
        for number in range(photos):
            fields[f"attached_media[{number}]"] = f'{{"media_fbid":"{self.photo(number)}"}}'
        return self.graph("POST", f"{self.page_id}/feed", data=fields).json()["id"]

    def photo(self, number=0, alt_text="Children run"):
        fields = {"published": "false", "alt_text_custom": alt_text}
        return self.graph("POST", f"{self.page_id}/photos", data=fields, files={"source": jpeg(number)}).json()["id"]

    def comment(self, post_id, message="Lovely!", **more):
        return self.control("POST", f"/facebook/posts/{post_id}/comments", {"message": message, **more})["id"]

    def tweet(self, text="Sports day is on Friday.", **more):
        return self.api("POST", "/tweets", json={"text": text, **more}).json()["data"]["id"]

    def reply(self, post_id, text="Lovely!", **more):
        return self.control("POST", f"/x/posts/{post_id}/replies", {"text": text, **more})["id"]

    def wall(self):
        return self.control("GET", f"/facebook/{self.page_id}/wall")["posts"]

    def x_wall(self):
        return self.control("GET", "/x/bramleyhill/wall")["posts"]

    def facebook_sdk(self, token=None):
        return Graph(f"{self.url}/graph/", token or self.page["page_token"])

    def tweepy(self):
        keys = {
            name: self.x[name]
            for name in ("consumer_key", "consumer_secret", "access_token", "access_token_secret", "bearer_token")
        }
        client = Tweepy(**keys)
        client.base = f"{self.url}/x"
        return client


def jpeg(number=0, size=(320, 240)):
    out = io.BytesIO()
    Image.new("RGB", size, (40 * number % 255, 120, 90)).save(out, "JPEG")
    return out.getvalue()


@contextmanager
def running(app):
    """Serve the sandbox on a free port for the length of a block."""
    server = open_server(app)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        close_sandbox(app)
