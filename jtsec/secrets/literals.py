"""Secrets in clear in one file: Python by its syntax, everything else by its lines."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from .finding import Finding, Kind
from .shape import (
    ISSUED_TOKEN,
    PRIVATE_KEY,
    SECRET_WORD,
    has_credentials,
    looks_like_a_secret,
    may_be_a_secret,
    names_a_secret,
)

ASSIGNED: Final = re.compile(
    r"""^\s*(?:export\s+|-\s+|ENV\s+|ARG\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[:=]\s*(.*)$"""
)

ASKING: Final = frozenset({"get", "getenv", "setdefault", "config", "env"})
"""Functions that take a name and what stands in when it is not set."""


def in_python(text: str, path: str, kind: Kind) -> Iterator[Finding]:
    """
    Yield what stands in clear in a Python source.

    Args:
        text: the source.
        path: how the findings name the file.
        kind: SETTINGS, where every value is configuration, or CODE.

    A source that Python cannot read is read by its lines.
    """
    yield from _keys_and_tokens(text, path)
    if not SECRET_WORD.search(text) and "://" not in text:
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        yield from in_configuration(text, path)
        return
    is_secret = may_be_a_secret if kind is Kind.SETTINGS else looks_like_a_secret
    for node in ast.walk(tree):
        for name, value, line in _named_values(node):
            if names_a_secret(name) and is_secret(value):
                yield Finding(kind, path, line, name)
        if isinstance(node, ast.Constant) and has_credentials(_text(node) or ""):
            yield Finding(kind, path, node.lineno, "URL")


def in_configuration(text: str, path: str) -> Iterator[Finding]:
    """Yield what stands in clear in an environment or configuration file."""
    yield from _keys_and_tokens(text, path)
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith(("#", ";", "//")):
            continue
        if has_credentials(line):
            yield Finding(Kind.CONFIGURATION, path, number, "URL")
            continue
        found = ASSIGNED.match(line)
        if found and names_a_secret(found[1]) and may_be_a_secret(_value(found[2])):
            yield Finding(Kind.CONFIGURATION, path, number, found[1])


def _keys_and_tokens(text: str, path: str) -> Iterator[Finding]:
    for pattern, name in ((PRIVATE_KEY, "private key"), (ISSUED_TOKEN, "token")):
        for found in pattern.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield Finding(Kind.KEY, path, line, name)


def _named_values(node: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Yield each name with the text that a node gives to it, and the line."""
    pairs: list[tuple[str | None, ast.expr | None]] = []
    if isinstance(node, ast.Assign):
        pairs = [(_name(target), node.value) for target in node.targets]
    elif isinstance(node, ast.AnnAssign):
        pairs = [(_name(node.target), node.value)]
    elif isinstance(node, ast.keyword):
        pairs = [(node.arg, node.value)]
    elif isinstance(node, ast.Dict):
        keys = [_text(key) for key in node.keys]
        pairs = list(zip(keys, node.values, strict=True))
    elif (
        isinstance(node, ast.Call)
        and len(node.args) == 2
        and _name(node.func) in ASKING
    ):
        # os.environ.get("DB_PASSWORD", "the default that everybody has")
        pairs = [(_text(node.args[0]), node.args[1])]
    for name, value in pairs:
        text = _text(value)
        if name and text and value is not None:
            yield name, text, value.lineno


def _text(node: ast.AST | None) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def _name(target: ast.expr) -> str:
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return str(target.slice.value)
    return ""


def _value(text: str) -> str:
    """Return what stands after the sign, without quotes, comma and comment."""
    text = text.strip()
    if text[:1] in ("'", '"'):
        return text[1:].split(text[0])[0]
    return re.split(r"\s+[#;]", text)[0].rstrip(",").strip()
