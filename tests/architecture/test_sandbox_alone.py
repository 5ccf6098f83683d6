"""The sandbox is somebody else's network: it shares no code with the product, and the product does not know it."""

import ast

from tests.architecture.source import PRODUCT, ROOT, all_files, is_under, nodes, place

ALLOWED_TO_KNOW = {"app/cli/sandbox.py"}


def imported(path):
    """Yield every module that a file imports, relative ones spelt out."""
    package = path.relative_to(ROOT).with_suffix("").parts[: -1 if path.name != "__init__.py" else None]
    package = path.relative_to(ROOT).parts[:-1]
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            yield node.lineno, ".".join(part for part in (above, node.module) if part)


def test_sandbox_imports_nothing_of_ours():
    found = [
        f"{place(path, line)} {module}"
        for path in all_files("app/sandbox")
        for line, module in imported(path)
        if module.split(".")[0] in PRODUCT and not f"{module}.".startswith("app.sandbox.")
    ]
    assert not found


def test_nobody_imports_the_sandbox_but_its_command():
    found = {
        place(path)
        for path in all_files(*PRODUCT)
        if not is_under(path, "app/sandbox")
        for _, module in imported(path)
        if f"{module}.".startswith("app.sandbox.")
    }
    assert found == ALLOWED_TO_KNOW
