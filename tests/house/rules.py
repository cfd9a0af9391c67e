"""Rules where the linter stops: each takes a module and returns what breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.sources import Module

CLOCK = "jtsec/core/clock.py"
SETTINGS = "jtsec/core/conf.py"
# Their names are promised for ever as `jtsec.fields.X` and the like.
PERMANENT_IMPORTS = {
    "jtsec/fields/__init__.py",
    "jtsec/preset/__init__.py",
    "jtsec/secrets/__init__.py",
}
KINDS_OF_CODE = {
    "base", "common", "core_utils", "helper", "helpers", "manager", "managers", "misc",
    "shared", "tools", "util", "utils",
}  # fmt: skip
# Django imports an ENGINE by this name.
DEMANDED = {"jtsec/secrets/mysql/base.py", "jtsec/secrets/postgresql/base.py"}
CHECK_ID = re.compile(r"jtsec\.[EWI]\d{3}")


def reads_the_clock(module: Module) -> list[str]:
    """Find the time taken anywhere but where a test can set it."""
    if module.path == CLOCK:
        return []
    calls = (node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call))
    direct = [f"{at(module, call)}: {name}()" for call in calls
              if (name := ast.unparse(call)) in ("timezone.now", "datetime.now",
                  "datetime.utcnow", "django.utils.timezone.now")]  # fmt: skip
    imported = [
        f"{at(module, node)}: from {node.module} import now"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "django.utils.timezone"
        and any(alias.name == "now" for alias in node.names)
    ]
    return direct + imported


def reads_settings_directly(module: Module) -> list[str]:
    """Find a `JTSEC_*` setting read past its declaration, its floor and its default."""
    if module.path == SETTINGS:
        return []
    found = []
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "getattr"
            and ast.unparse(node.args[0]) in ("settings", "django.conf.settings")
            and "JTSEC_" in ast.unparse(node.args[1])
        ) or (
            isinstance(node, ast.Attribute)
            and node.attr.startswith("JTSEC_")
            and ast.unparse(node.value) == "settings"
        ):
            found.append(f"{at(module, node)}: {ast.unparse(node)}")
    return found


def says_more_than_a_docstring(module: Module) -> list[str]:
    """Find code in a package's `__init__`, which would run before Django is set up."""
    if not module.path.endswith("__init__.py") or module.path in PERMANENT_IMPORTS:
        return []
    return [
        f"{at(module, node)}: {ast.unparse(node)}"
        for node in module.tree.body
        if not is_docstring(node) and not is_version(node)
    ]


def is_docstring(node: ast.stmt) -> bool:
    """Say whether a statement is only a string."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_version(node: ast.stmt) -> bool:
    """Say whether a statement sets the version, from which the build reads it."""
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == (
        "__version__"
    )


def is_named_for_a_kind_of_code(module: Module) -> bool:
    """Say whether a module's name tells nothing of its subject."""
    parts = set(module.path.removesuffix(".py").split("/"))
    return module.path not in DEMANDED and bool(KINDS_OF_CODE & parts)


def check_ids(module: Module) -> Iterator[tuple[str, str]]:
    """Yield each id of a system check with the function or constant that has it."""
    for owner in module.tree.body:
        for node in ast.walk(owner):
            if (
                isinstance(node, ast.keyword)
                and node.arg == "id"
                and isinstance(node.value, ast.Constant)
                and CHECK_ID.fullmatch(str(node.value.value))
            ):
                name = getattr(owner, "name", ast.unparse(owner).split(" ")[0])
                yield str(node.value.value), f"{module.path}:{name}"


def at(module: Module, node: ast.AST) -> str:
    """Return the place of a node, as an editor opens it."""
    return f"{module.path}:{getattr(node, 'lineno', 1)}"
