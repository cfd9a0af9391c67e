"""
The door to access: one decision for pages, REST, the admin, templates, files and rows.

    decision = decide(request.user, "permits.query_permit", permit)
    require(request, "permits.query_permit", permit)
"""

from __future__ import annotations

from .decision import Decision, decide, may_use
from .functions import (
    Function,
    bind_right,
    declare,
    function,
    function_of,
    functions,
)
from .grants import Grants, HeldRole, Scope
from .policy import grants_of
from .requirements import dotted_path, requirement_of
from .requiring import require, require_right

__all__ = [
    "Decision",
    "Function",
    "Grants",
    "HeldRole",
    "Scope",
    "bind_right",
    "decide",
    "declare",
    "dotted_path",
    "function",
    "function_of",
    "functions",
    "grants_of",
    "may_use",
    "require",
    "require_right",
    "requirement_of",
]
