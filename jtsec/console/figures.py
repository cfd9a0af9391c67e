"""What an overview is made of: figures, and drawings with what to do without one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

StrOrPromise = str | Promise


@dataclass(frozen=True)
class Card:
    """One figure; `tone` is "", "good", "warn" or "bad", `note` says it in words."""

    label: StrOrPromise
    value: str
    clause: str
    url: str = ""
    note: StrOrPromise = ""
    tone: str = ""


@dataclass(frozen=True)
class Drawing:
    """One chart with what to do where it is empty."""

    title: StrOrPromise
    svg: str
    empty: StrOrPromise
    url: str = ""
