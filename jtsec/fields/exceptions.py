"""
What goes wrong when an encrypted value or file is read.

    JtsecError
    ├── VerifiedFalse
    │   ├── FieldAltered        the stored bytes are not what was written here
    │   └── FileAltered         nor those of a file
    └── CannotVerify
        ├── FieldUnreadable     the key that sealed them is not in the ring
        ├── FileUnreadable      nor that of a file
        └── FieldMistaken       they are whole, but the field was of another kind then

Messages name app, model and field, or the file; never a value, and never which byte
was wrong.
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


class FileAltered(VerifiedFalse):
    """
    Says that a stored file was altered, cut, moved here, or never encrypted.

    Args:
        name: the file, as its storage knows it.
    """

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}: the stored file was altered, cut short, moved here from "
            "elsewhere, never encrypted, or sealed under another key"
        )
        self.name = name


class FileUnreadable(CannotVerify):
    """
    Says that the key a stored file names is not in the ring.

    Args:
        name: the file, as its storage knows it.
        key_id: the id it names.
    """

    def __init__(self, name: str, key_id: str) -> None:
        super().__init__(f"{name}: the ring has no key {key_id!r} to read it with")
        self.name = name
        self.key_id = key_id
