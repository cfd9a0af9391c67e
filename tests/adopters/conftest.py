"""Keeps the adopter's own tests out of this suite; they run in their project."""

from __future__ import annotations

collect_ignore = ["shop"]
