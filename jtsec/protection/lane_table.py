"""The table that the roots lie in; `models` has it too."""

from __future__ import annotations

from django.db import models

from jtsec.core.guarding import GuardedModel


class SealedLane(GuardedModel):
    """
    A part of the root of one sealed table; see `lane_state`.

    `token` changes with every write and is what a writer must know to write.
    """

    GUARD = "protection"

    table = models.CharField(max_length=150)
    lane = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=32)
    state = models.BinaryField()
    key_id = models.CharField(max_length=32)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("table", "lane"), name="jtsec_sealedlane_unique"
            ),
        )

    def __str__(self) -> str:
        return f"{self.table}:{self.lane}"
