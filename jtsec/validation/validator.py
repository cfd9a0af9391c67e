"""Lets a check function serve as a validator of Django's forms, models and REST."""

from __future__ import annotations

from typing import ClassVar, Protocol

from django.core.exceptions import ValidationError

from jtsec.core.exceptions import InputError


class Check(Protocol):
    """A function that returns the normal form of a value or raises `InputError`."""

    def __call__(self, value: object, field: str = "") -> str:
        """Return the normal form, or raise `InputError` for the field."""


def normal_form(check: Check, value: object) -> str:
    """
    Return what a check makes of a value.

    Raises:
        ValidationError: with the sentence and the code of the check.
    """
    try:
        return check(value)
    except InputError as error:
        raise ValidationError(str(error), code=error.code) from error


class CheckValidator:
    """
    Is the base of the validators; each names its check.

    Stands in migrations by its path and nothing else, since it has no arguments.
    """

    check: ClassVar[Check]

    def __call__(self, value: object) -> None:
        """
        Return if the value is well formed.

        Raises:
            ValidationError: with the sentence and the code of the check.
        """
        normal_form(type(self).check, value)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    def deconstruct(self) -> tuple[str, tuple[object, ...], dict[str, object]]:
        """Return how a migration writes it down."""
        return f"{type(self).__module__}.{type(self).__qualname__}", (), {}


class CheckedBy:
    """
    Is the validator of a field that names its check.

    Args:
        check: any function of this package's kind, a project's own included.
    """

    def __init__(self, check: Check) -> None:
        self.check = check

    def __call__(self, value: object) -> None:
        """
        Return if the value is well formed.

        Raises:
            ValidationError: with the sentence and the code of the check.
        """
        normal_form(self.check, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CheckedBy) and other.check is self.check

    def __hash__(self) -> int:
        return hash(self.check)
