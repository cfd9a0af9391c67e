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
from .initial import finish_set_up, make_initial
from .policy import grants_of
from .propagation import give_propagation, grant_use, pass_propagation
from .requirements import dotted_path, requirement_of
from .requiring import require, require_right
from .revocation import revoke_propagation, revoke_use
from .setting_up import technical_administrators
from .terminals import bind_terminal, bindings_of, unbind

__all__ = [
    "Decision",
    "Function",
    "Grants",
    "HeldRole",
    "Scope",
    "bind_right",
    "bind_terminal",
    "bindings_of",
    "decide",
    "declare",
    "dotted_path",
    "finish_set_up",
    "function",
    "function_of",
    "functions",
    "give_propagation",
    "grant_use",
    "grants_of",
    "make_initial",
    "may_use",
    "pass_propagation",
    "require",
    "require_right",
    "requirement_of",
    "revoke_propagation",
    "revoke_use",
    "technical_administrators",
    "unbind",
]
