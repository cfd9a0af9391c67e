"""What approvals refuse with."""

from __future__ import annotations

from jtsec.core.exceptions import JtsecError, Refused


class ApprovalRefused(Refused):
    """Says that somebody may not take this step; recorded when it is raised."""


class ExecutionFailed(JtsecError):
    """Says that what was approved could not be done; nothing of it was kept."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
