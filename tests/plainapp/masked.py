"""A model whose rows are masked, as a project would write it."""

from __future__ import annotations

from django.db import models

from jtsec.fields import EncryptedCharField
from jtsec.protection.masking.api import Masking
from jtsec.protection.masking.models import MaskedModel

CLEAR = "plainapp.see_owner"


class Owner(MaskedModel):
    """Somebody with a field of every kind."""

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", "待办"

    name = models.CharField("姓名", max_length=40)
    id_number = EncryptedCharField("身份证明号码", max_length=18, blank=True)
    phone = EncryptedCharField(
        "手机号码", max_length=20, searchable=True, null=True, blank=True
    )
    address = models.CharField("住址", max_length=100, blank=True)
    plate = models.CharField("号牌号码", max_length=10, blank=True)
    card = models.CharField("银行卡号", max_length=19, blank=True)
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    note = models.CharField("备注", max_length=40, blank=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True)

    MASKING = Masking(
        fields={
            "name": "name",
            "id_number": "id_number",
            "phone": "phone",
            "address": "address",
            "plate": "plate",
            "card": "bank_card",
        },
        clear=CLEAR,
        core=("plate", "state", "parent"),
        is_agent=lambda user, row: row.note == f"agent:{user.get_username()}",
    )

    class Meta:
        verbose_name = "所有人"
        verbose_name_plural = "所有人"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.name} {self.plate}"

    @property
    def contact(self) -> str:
        """Return what a form would print."""
        return f"{self.name} {self.phone}"

    def greeting(self) -> str:
        """Return a line of a letter."""
        return f"{super().__class__.__name__} {self.name}"
