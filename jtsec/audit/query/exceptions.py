"""
What can be wrong with a question to the audit.

    JtsecError
    └── InputError
        └── FilterError         a condition is nonsense; names its field
"""

from __future__ import annotations

from jtsec.core.exceptions import InputError


class FilterError(InputError):
    """
    Says that a condition cannot be used; the page that shows it has status 400.

    Args:
        field: the name of the parameter, cut where a client invented it.
        sentence: what is wrong, for the person who asked.
    """

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence, field=field[:40], code="filter")
        self.sentence = sentence
