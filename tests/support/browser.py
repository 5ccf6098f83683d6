"""The test client, but with each request in a context of its own, as a server has it."""

from flask.testing import FlaskClient


class Browser(FlaskClient):
    def open(self, *args, **kwargs):
        with self.application.app_context():  # else flask-login would take the first person for everybody
            return super().open(*args, **kwargs)
