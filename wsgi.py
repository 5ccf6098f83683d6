"""The entry point of the web server, the worker and the commands."""

import sys

from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError

from app import create_app
from app.core.settings import Settings

try:
    app = create_app(Settings())
except ValidationError as wrong:
    names = ", ".join(f"SCHOOLGATE_{str(error['loc'][0]).upper()} ({error['msg']})" for error in wrong.errors())
    sys.exit(f"Error: These settings cannot be used: {names}. Correct them; .env.example explains each.")
except (OSError, ValueError, ArgumentError) as wrong:
    sys.exit(f"Error: Schoolgate cannot start: {wrong}. Check the settings; .env.example explains each.")
