"""
The door to access: one decision for pages, REST, the admin, templates, files and rows.

    decision = decide(request.user, "permits.query_permit", permit)
    require(request, "permits.query_permit", permit)
"""

from __future__ import annotations

from .appointments import appoint, dismiss
from .assignments import assign
from .attempts import get_visible_or_404
from .decision import Decision, decide, may_use
from .exclusions import Exclusion
from .function_list import ListedFunction, listed_functions
from .functions import (
    Function,
    bind_right,
    declare,
    function,
    function_of,
    functions,
    permission_names,
)
from .gate import PolicyRefused
from .grants import Grants, HeldRole, Scope
from .group_plan import PlannedRole
from .group_plan import plan as plan_groups
from .groups import carry_out as carry_out_groups
from .guarded_files import (
    GuardedFile,
    guard_file,
    guarded_files,
    media_urls,
    serve_file,
)
from .inconsistencies import Inconsistency, find_inconsistencies
from .initial import finish_set_up, make_initial
from .passed_use import grant_use
from .policy import grants_of
from .posts import Post, posts
from .profile_restoring import restore_profile
from .profiles import set_clearance
from .propagation import give_propagation, pass_propagation
from .requirements import dotted_path, requirement_of
from .requiring import require, require_right
from .revocation import revoke_propagation, revoke_use
from .revoked_roles import revoke
from .role_changes import change_role
from .role_effects import Effect, Effects, preview
from .role_endings import end_role
from .role_list import Holder, ListedRole, list_roles
from .roles import create_role, role_of
from .scoped_rows import visible_to
from .setting_up import technical_administrators
from .terminals import bind_terminal, bindings_of, unbind
from .trial import what_excludes
from .unscoped import NotScoped

__all__ = [
    "Decision",
    "Effect",
    "Effects",
    "Exclusion",
    "Function",
    "Grants",
    "GuardedFile",
    "HeldRole",
    "Holder",
    "Inconsistency",
    "ListedFunction",
    "ListedRole",
    "NotScoped",
    "PlannedRole",
    "PolicyRefused",
    "Post",
    "Scope",
    "appoint",
    "assign",
    "bind_right",
    "bind_terminal",
    "bindings_of",
    "carry_out_groups",
    "change_role",
    "create_role",
    "decide",
    "declare",
    "dismiss",
    "dotted_path",
    "end_role",
    "find_inconsistencies",
    "finish_set_up",
    "function",
    "function_of",
    "functions",
    "get_visible_or_404",
    "give_propagation",
    "grant_use",
    "grants_of",
    "guard_file",
    "guarded_files",
    "list_roles",
    "listed_functions",
    "make_initial",
    "may_use",
    "media_urls",
    "pass_propagation",
    "permission_names",
    "plan_groups",
    "posts",
    "preview",
    "require",
    "require_right",
    "requirement_of",
    "restore_profile",
    "revoke",
    "revoke_propagation",
    "revoke_use",
    "role_of",
    "serve_file",
    "set_clearance",
    "technical_administrators",
    "unbind",
    "visible_to",
    "what_excludes",
]
