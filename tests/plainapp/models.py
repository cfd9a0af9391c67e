"""Models with encrypted columns, in every shape the ORM has."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from jtsec.core.identifiers import new_id
from jtsec.fields import (
    EncryptedBinaryField,
    EncryptedCharField,
    EncryptedDateField,
    EncryptedDateTimeField,
    EncryptedDecimalField,
    EncryptedFileField,
    EncryptedIntegerField,
    EncryptedJSONField,
    EncryptedRecordField,
    EncryptedTextField,
)
from jtsec.protection.models import SealedModel

from .masked import Owner

__all__ = ["Owner"]


def digits(text: str) -> str:
    """Return the digits of a telephone number."""
    return "".join(filter(str.isdigit, text))


class Driver(models.Model):
    """Somebody with a number that is searched and one that is not."""

    name = models.CharField(max_length=40)
    phone = EncryptedCharField(
        max_length=20, null=True, blank=True, searchable=True, verbose_name="telephone"
    )
    address = EncryptedCharField(max_length=200, blank=True, default="")
    number = EncryptedCharField(
        max_length=18, null=True, blank=True, searchable=True, unique=True
    )


class Vehicle(models.Model):
    """Something that belongs to somebody."""

    owner = models.ForeignKey(Driver, models.CASCADE, related_name="vehicles")
    plate = EncryptedCharField(
        max_length=12,
        searchable=True,
        normalise="tests.plainapp.models.digits",
        default="",
    )


class Contact(models.Model):
    """Hands its encrypted field down."""

    phone = EncryptedCharField(max_length=20, searchable=True, unique=True)

    class Meta:
        abstract = True


class Office(Contact):
    """Inherits from an abstract model."""


class Branch(Office):
    """Inherits a table, and adds to it."""

    code = EncryptedCharField(max_length=12, searchable=True, null=True)


class ListedOffice(Office):
    """Is the same table under another name."""

    class Meta:
        proxy = True


class Plain(models.Model):
    """The same without encryption, to compare with."""

    name = models.CharField(max_length=40)
    phone = models.CharField(max_length=40, null=True)
    address = models.CharField(max_length=40)


class Dossier(models.Model):
    """Has an encrypted column of every kind, and plain ones beside them."""

    name = models.CharField(max_length=40, default="")
    count = models.IntegerField(default=0)
    old_text = models.TextField(null=True, blank=True)
    old_born = models.DateField(null=True, blank=True)
    old_amount = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True
    )
    old_facts = models.JSONField(null=True, blank=True)
    text = EncryptedTextField(null=True, blank=True, searchable=True)
    number = EncryptedIntegerField(null=True, blank=True, searchable=True, unique=True)
    amount = EncryptedDecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True, searchable=True
    )
    born = EncryptedDateField(null=True, blank=True, searchable=True)
    seen = EncryptedDateTimeField(null=True, blank=True, searchable=True)
    facts = EncryptedJSONField(null=True, blank=True)
    scan = EncryptedBinaryField(null=True, blank=True, editable=True, searchable=True)


class Scan(models.Model):
    """Has files of two fields, each encrypted for itself."""

    front = EncryptedFileField(upload_to="scans/", blank=True)
    back = EncryptedFileField(upload_to="scans/", blank=True)


class Witness(models.Model):
    """Is found by the beginning of a name and by the ends of a telephone number."""

    name = EncryptedTextField(prefixes=[1])
    phone = EncryptedCharField(
        max_length=20,
        null=True,
        prefixes=[3, 7],
        suffixes=[4],
        searchable=True,
        normalise="tests.plainapp.models.digits",
    )


class Permit(SealedModel):
    """Is sealed: columns of many kinds, and some that are not sealed."""

    sealed_fields = {
        1: ("plate", "holder"),
        2: ("plate", "holder", "issued", "fee", "day", "facts", "phone", "is_open"),
    }

    plate = models.CharField(max_length=12)
    holder = models.ForeignKey(
        Driver, models.SET_NULL, null=True, blank=True, related_name="permits"
    )
    issued = models.DateTimeField(auto_now_add=True)
    fee = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    day = models.DateField(null=True, blank=True)
    facts = models.JSONField(null=True, blank=True)
    phone = EncryptedCharField(max_length=20, null=True, blank=True)
    is_open = models.BooleanField(default=True)
    remark = models.CharField(max_length=100, default="", blank=True)


class Stamp(SealedModel):
    """Is sealed, with a key that is known before it is written."""

    sealed_fields = ("text",)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    text = models.CharField(max_length=40)


class Ledger(SealedModel):
    """Is sealed, and the smallest there is."""

    sealed_fields = ("text", "number")

    text = models.CharField(max_length=40, default="")
    number = models.IntegerField(default=0)


class Informant(models.Model):
    """Is kept as one record, beside what may be seen."""

    uid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    area = models.CharField(max_length=20, blank=True, default="")
    details = EncryptedRecordField(
        bound_to="uid",
        parts={
            "name": models.CharField(max_length=10),
            "phone": models.CharField(max_length=20, blank=True, default=""),
            "born": models.DateField(null=True, blank=True),
            "met": models.DateTimeField(null=True, blank=True),
            "reward": models.DecimalField(
                max_digits=8, decimal_places=2, null=True, blank=True
            ),
            "trusted": models.BooleanField(default=False),
            "notes": models.JSONField(default=list, blank=True),
        },
    )


class SpecialLedger(Ledger):
    """Inherits a sealed table, and adds to it."""

    extra = models.CharField(max_length=20, default="")


class ListedLedger(Ledger):
    """Is the same sealed table under another name."""

    class Meta:
        proxy = True


class Crew(models.Model):
    """Has members by way of a sealed table."""

    members = models.ManyToManyField(Driver, through="Membership", related_name="crews")


class Membership(SealedModel):
    """Says who belongs to what, and is sealed."""

    sealed_fields = ("crew", "driver")

    crew = models.ForeignKey(Crew, models.CASCADE)
    driver = models.ForeignKey(Driver, models.CASCADE)


class Statement(SealedModel):
    """Is sealed, what it says kept as one record."""

    sealed_fields = ("details", "note")

    uid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    note = models.CharField(max_length=20, default="")
    details = EncryptedRecordField(
        bound_to="uid",
        parts={
            "text": models.CharField(max_length=40),
            "facts": models.JSONField(null=True, blank=True),
        },
    )
