"""Why the demonstration cannot begin, in a sentence for the person who started it."""

from __future__ import annotations


class NotReady(Exception):
    """Says what is in the way, and what to do about it."""
