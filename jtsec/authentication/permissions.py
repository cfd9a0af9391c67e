"""
What Django's `has_perm`, `perms` in templates and the admin are told about rights.

A permission row of Django's carries no seal, no duty and no name of who gave it; so
nothing here looks at one. All questions go to the decision point of access.
"""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied

from .permission_judge import permission_judge


class DecidedPermissions(ModelBackend):
    """Is the half of a backend that answers questions of permissions (A4.1, A4.3)."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """
        Answer whether somebody has a right.

        Raises:
            PermissionDenied: they have not; Django then answers no without asking
                another backend, whose rows anybody with SQL could have written.
        """
        if not permission_judge().may(user_obj, perm, obj):
            raise PermissionDenied
        return True

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Answer whether somebody has any right of an app; raises as `has_perm`."""
        rights = permission_judge().rights_of(user_obj)
        if not any(right.startswith(f"{app_label}.") for right in rights):
            raise PermissionDenied
        return True

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return all rights somebody may use, on an object where one is given."""
        judge = permission_judge()
        rights = judge.rights_of(user_obj)
        if obj is None:
            return rights
        return {right for right in rights if judge.may(user_obj, right, obj)}

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return the same; rights are not told apart by where they come from."""
        return self.get_all_permissions(user_obj, obj)

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return nothing: Django's groups give nothing."""
        return set()

    def with_perm(
        self,
        perm: Any,
        is_active: bool = True,
        include_superusers: bool = True,
        obj: Any = None,
    ) -> Any:
        """
        Return the users in use who have a right; superusers are nobody here.

        Raises:
            TypeError: the permission is neither a name nor a row.
            ValueError: the name is not `app_label.codename`.
        """
        right = _name_of(perm)
        users = get_user_model()._default_manager.all()
        if obj is not None:
            return users.none()
        return permission_judge().users_with(users, right)

    async def ahas_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Do the same as `has_perm` in a thread."""
        return await sync_to_async(self.has_perm)(user_obj, perm, obj)

    async def ahas_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Do the same as `has_module_perms` in a thread."""
        return await sync_to_async(self.has_module_perms)(user_obj, app_label)

    async def aget_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Do the same as `get_all_permissions` in a thread."""
        return await sync_to_async(self.get_all_permissions)(user_obj, obj)

    async def aget_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Do the same as `get_user_permissions` in a thread."""
        return await sync_to_async(self.get_user_permissions)(user_obj, obj)

    async def aget_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return nothing: Django's groups give nothing."""
        return set()


def _name_of(permission: Any) -> str:
    if isinstance(permission, Permission):
        return f"{permission.content_type.app_label}.{permission.codename}"
    if not isinstance(permission, str):
        raise TypeError("a permission is its row or its name, app_label.codename")
    if permission.count(".") != 1:
        raise ValueError(f"{permission!r} is not app_label.codename")
    return permission
