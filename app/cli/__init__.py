"""The command line: thin commands, one service call each."""

from app.cli.register import register_commands

__all__ = ["register_commands"]
