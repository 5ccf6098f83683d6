"""The project's own source, read as a tree: what the rules of the house are checked on."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("app", "consent", "moderation")
OURS = (*PRODUCT, "tests", "tools", "migrations", "wsgi.py")


@cache
def committed() -> tuple[Path, ...]:
    """Every file that git keeps."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:  # an unpacked archive
        paths = (path for top in (*OURS, "docs") for path in [ROOT / top, *(ROOT / top).rglob("*")])
        return tuple(path for path in paths if path.is_file() and "__pycache__" not in path.parts)
    paths = (ROOT / name for name in done.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def files(*tops: str, suffix: str = ".py") -> list[Path]:
    """Return the files beneath these folders by name, the sandbox left out: it is not the product."""
    return [path for path in all_files(*tops, suffix=suffix) if not is_under(path, "app/sandbox")]


def all_files(*tops: str, suffix: str = ".py") -> list[Path]:
    found = [path for path in committed() if path.suffix == suffix and any(is_under(path, top) for top in tops)]
    assert found, f"there is no {suffix} file in {', '.join(tops)}"
    return sorted(found)


def is_under(path: Path, top: str) -> bool:
    return path.is_relative_to(ROOT / top)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree(path)))


def place(path: Path, line: int = 0) -> str:
    """Name a place as an editor opens it."""
    name = path.relative_to(ROOT).as_posix()
    return f"{name}:{line}" if line else name


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` of a chain of names; what is called or indexed on the way is left out: `.c`."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    for node in nodes(path):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
