"""Keeps the adopters' own tests out of this suite; they run in their projects."""

from __future__ import annotations

collect_ignore = ["shop", "small"]
