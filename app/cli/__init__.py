"""The command line: thin commands, one service call each."""

from app.cli.register import add_commands

__all__ = ["add_commands"]
