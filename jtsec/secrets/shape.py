"""
What a secret in clear looks like: a name that says so, and a value of its shape.

Neither is enough alone. `password = "current-password"` is the name of a form field,
and a long random text may be a digest. Strict where code is read, loose where every
value is configuration.
"""

from __future__ import annotations

import re
from typing import Final

SECRET_WORD: Final = re.compile(
    r"pass(?:word|wd|phrase|code)|pwd|secret|token|api_?key|access_?key|private_?key"
    r"|encryption_?key|signing_?key|credential|auth_?key|jkxlh",
    re.IGNORECASE,
)
# What a name ends in when the value is about a secret, and none.
ABOUT: Final = re.compile(
    r"(?:_|-|\.)(?:age|alg|algorithm|algorithms|attr|attribute|backend|backends|bytes"
    r"|chars|check|class|cookie|days|dir|env|error|expires|field|fields|file|fmt|form"
    r"|format|hash|hasher|hashers|header|help|hint|id|ids|info|key_name|kind|label"
    r"|length|max|message|min|minutes|mode|model|name|names|param|path|pattern|policy"
    r"|prefix|purpose|re|regex|required|reset|rule|rules|salt_length|seconds|setting"
    r"|size|suffix|template|text|timeout|title|ttl|type|uri|url|url_name|validator"
    r"|validators|variable|version|view|views|widget)s?$",
    re.IGNORECASE,
)
PLACEHOLDER: Final = re.compile(
    r"^$|^[<{$%\[(]|[>}]$|\$\{|\{\{|\{\w*\}|%\(|^x{3,}$|^\*+$|^\.+$|^-+$|…"
    r"|change[-_ ]?me|replace[-_ ]?me|your[-_ ]|placeholder|not[-_ ]a?[-_ ]?secret"
    r"|(?:only[-_ ])?for[-_ ](?:the[-_ ])?(?:test|benchmark)s?\b",
    re.IGNORECASE,
)
WORDS: Final = frozenset(
    {"true", "false", "yes", "no", "none", "null", "on", "off", "required", "optional"}
)
DOTTED: Final = re.compile(r"[A-Za-z_]\w*(?:[.:/][A-Za-z_][\w-]*)+")
ANNOTATION: Final = re.compile(r"[\w.]+\[.*\]")
IDENTIFIER: Final = re.compile(r"[A-Za-z_]+[12]?")
CREDENTIALS_IN_URL: Final = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://[^\s/:@'\"<>{}$%]{0,64}:([^\s/@'\"]{3,128})"
    r"@[A-Za-z0-9\[]"
)
PRIVATE_KEY: Final = re.compile(
    r"-----BEGIN (?:(?:RSA|EC|SM2|DSA|OPENSSH) )?PRIVATE KEY-----"
    r"(?:\\n|\s)*[A-Za-z0-9+/=]{40}"
)
ISSUED_TOKEN: Final = re.compile(
    r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20}"
    r"|LTAI[A-Za-z0-9]{16,24}|xox[abpr]-[\w-]{20,}|sk_live_[A-Za-z0-9]{24,})\b"
)


def names_a_secret(name: str) -> bool:
    """Answer whether a variable, key or argument is named for a secret."""
    return bool(SECRET_WORD.search(name)) and not ABOUT.search(name)


def is_placeholder(value: str) -> bool:
    """Answer whether a value says itself that it is none."""
    return bool(PLACEHOLDER.search(value)) or value.lower() in WORDS


def may_be_a_secret(value: str) -> bool:
    """Answer for a value of configuration under a secret's name: is it one."""
    return len(value) >= 3 and not re.search(r"\s", value) and not is_placeholder(value)


def looks_like_a_secret(value: str) -> bool:
    """Answer the same for a literal in code, where most such values are words."""
    if not may_be_a_secret(value) or len(value) < 6 or not value.isascii():
        return False
    if any(one.fullmatch(value) for one in (DOTTED, IDENTIFIER, ANNOTATION)):
        return False
    # "-" and "_" join words; they make no password of them.
    kinds = (
        any(c.islower() for c in value),
        any(c.isupper() for c in value[1:]),
        any(c.isdigit() for c in value),
        any(not c.isalnum() and c not in "-_.:/ " for c in value),
    )
    return sum(kinds) >= 2


def has_credentials(text: str) -> bool:
    """Answer whether a URL with a password in clear stands in a text."""
    return any(
        not is_placeholder(found[1]) for found in CREDENTIALS_IN_URL.finditer(text)
    )
