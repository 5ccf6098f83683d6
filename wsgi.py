"""The entry point of the web server, the worker and the commands."""

from app import create_app
from app.core.settings import Settings

app = create_app(Settings())
