"""
What goes wrong when an encrypted value is read.

    JtsecError
    ├── VerifiedFalse
    │   └── FieldAltered        the stored bytes are not what was written here
    └── CannotVerify
        ├── FieldUnreadable     the key that sealed them is not in the ring
        └── FieldMistaken       they are whole, but the field was of another kind then

Messages name app, model and field; never a value, and never which byte was wrong.
"""

from __future__ import annotations

from jtsec.core.exceptions import CannotVerify, VerifiedFalse


class FieldAltered(VerifiedFalse):
    """
    Says that a stored value was altered, moved here, or sealed under another key.

    Args:
        label: app, model and field.
    """

    def __init__(self, label: str) -> None:
        super().__init__(
            f"{label}: the stored value was altered, moved here from another column, "
            "never encrypted, or sealed under another key"
        )
        self.label = label


class FieldUnreadable(CannotVerify):
    """
    Says that the key a stored value names is not in the ring.

    Args:
        label: app, model and field.
        key_id: the id the value names.
    """

    def __init__(self, label: str, key_id: str) -> None:
        super().__init__(f"{label}: the ring has no key {key_id!r} to read it with")
        self.label = label
        self.key_id = key_id


class FieldMistaken(CannotVerify):
    """
    Says that a value was sealed for this column while the field was of another kind.

    Args:
        label: app, model and field.
    """

    def __init__(self, label: str) -> None:
        super().__init__(
            f"{label}: the stored value was written while the field was of another "
            "kind, and is no value of the present one"
        )
        self.label = label
