"""What happens to the project's users: renaming refused, deletion noted."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ObjectDoesNotExist

from jtsec.audit.api import record

from .events import PersonDeleted
from .models import Identity
from .particulars import shown
from .writing import GUARD, DirectWrite, is_writing


def refuse_renaming(
    sender: type[AbstractBaseUser],
    instance: AbstractBaseUser,
    raw: bool = False,
    update_fields: Collection[str] | None = None,
    **kwargs: Any,
) -> None:
    """
    Refuse to save another username for a registered user; receives `pre_save`.

    The seal would find it at the next login and lock the person out; said here, the
    mistake is seen by whoever makes it. Fixtures (`raw`) are left to the seal.

    Raises:
        DirectWrite: use `jtsec.identity.api.change(identity, username=...)`.
    """
    field = get_user_model().USERNAME_FIELD
    is_other_field = update_fields is not None and field not in update_fields
    if raw or is_writing() or is_other_field or instance._state.adding:
        return
    stored = Identity.objects.filter(user_id=instance.pk)
    usernames = stored.values_list(f"user__{field}", flat=True)
    if any(username != getattr(instance, field) for username in usernames):
        raise DirectWrite(sender, GUARD)


def note_deletion(sender: type[Identity], instance: Identity, **kwargs: Any) -> None:
    """Record that an identity went with its user; receives `post_delete`."""
    try:
        username, before = instance.user.get_username(), shown(instance)
    except ObjectDoesNotExist:
        username, before = instance.login_name, {"name": instance.name}
    record(
        PersonDeleted(
            resource=f"identity:{instance.uid}",
            subject_username=username,
            before=before,
        )
    )
