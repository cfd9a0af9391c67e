"""x."""

from __future__ import annotations
from collections.abc import Mapping
from typing import Any


def send(target: str, message: Mapping[str, Any]) -> None:
    """x."""
