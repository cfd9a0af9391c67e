"""
What Django itself must be told, applied to a project's settings in one line.

    from jtsec.preset import apply
    apply(globals())          # the last line of settings.py

It adds; it never takes away or overwrites what the project has set. Where the
project's own value and a demand disagree, the value stays and `manage.py check` names
the conflict.
"""

from __future__ import annotations

from .application import apply

__all__ = ["apply"]
