"""What the companions of a text's ends are called."""

from __future__ import annotations


def name_of(field: str, take: int) -> str:
    """
    Return the name of a companion in the model.

    Args:
        field: the name of the encrypted field.
        take: how many characters: of the beginning, or, negative, of the end.
    """
    return f"{field}_first{take}" if take > 0 else f"{field}_last{-take}"


def label_of(label: str, take: int) -> str:
    """Return what the index of an end is bound to, by the label of its column."""
    return f"{label}[:{take}]" if take > 0 else f"{label}[{take}:]"
