"""
Sealed rows handed to programs, and taken back (clauses A6.1, A6.2).

    class PermitSerializer(SealedSerializer, serializers.ModelSerializer):
        class Meta:
            model = Permit
            fields = ("id", "plate", "owner", "seal")

    class Permits(SealedRows, viewsets.ModelViewSet): ...

A client reads `seal` with the row and sends it back with its edit. Where the row has
changed since, by anybody, the edit was made of something that is no more and is
refused with 409; so is every act on a row that is not what was sealed. A row is
deleted with the seal in the header `If-Match`.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hmac import compare_digest
from typing import Any, Final

from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from jtsec.protection.api import RowAltered, RowUnverifiable, TellsAltered

STALE: Final = "stale-row"
BROKEN: Final = "broken-row"


class RowConflict(APIException):
    """Says that an edit was made of a row that is no more, or is not to be trusted."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = _("The record has changed since it was read. Read it again.")
    default_code = STALE


class SealRequired(APIException):
    """Says that a row is only deleted by who has read it."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = _("Send the record's seal in If-Match.")
    default_code = "seal-required"


class TransportedSeal(serializers.Field):  # type: ignore[type-arg]  # generic in the stubs only
    """A seal as text that fits into JSON and into a header."""

    default_error_messages = {"invalid": _("This is no seal.")}

    def to_representation(self, value: Any) -> str:
        """Return the seal as text."""
        return text_of(value)

    def to_internal_value(self, data: Any) -> bytes:
        """Return the bytes that were sent."""
        try:
            return urlsafe_b64decode(data.encode("ascii"))
        except (AttributeError, ValueError):
            self.fail("invalid")


class SealedSerializer(TellsAltered, serializers.Serializer):  # type: ignore[type-arg]  # generic in the stubs only
    """
    Gives a row's seal out, and takes edits of that very version only.

    In a list of `telling_altered`, it says of a broken row that it is broken.
    """

    seal = TransportedSeal(required=False)

    def validate(self, attrs: Any) -> Any:
        """Demand the seal of whoever edits a row."""
        attrs = super().validate(attrs)
        if self.instance is None:
            attrs.pop("seal", None)
        elif "seal" not in attrs:
            message = _("Send the seal that was read with the record.")
            raise serializers.ValidationError({"seal": [message]}, code="required")
        return attrs

    def update(self, instance: Any, validated_data: Any) -> Any:
        """Edit a row that still is what the client has read, or answer 409."""
        read = validated_data.pop("seal")
        with transaction.atomic(using=instance._state.db):
            require_version(instance, read)
            return super().update(instance, validated_data)


class SealedRows:
    """Mixes into a view: broken rows are answered with 409, deletion needs a seal."""

    request: Any

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a row that is not what was sealed; its alarm is recorded."""
        if isinstance(exc, RowAltered | RowUnverifiable):
            exc = _broken(exc)
        answer: Response = super().handle_exception(exc)  # type: ignore[misc]  # of the view
        return answer

    def perform_destroy(self, instance: Any) -> None:
        """Delete a row that still is what the client has read."""
        told = self.request.headers.get("If-Match", "").strip().strip('"')
        if not told:
            raise SealRequired
        with transaction.atomic(using=instance._state.db):
            require_version(instance, TransportedSeal().run_validation(told))
            super().perform_destroy(instance)  # type: ignore[misc]  # of the view


def text_of(seal: Any) -> str:
    """Return a seal as it is handed out."""
    return urlsafe_b64encode(bytes(seal)).decode("ascii")


def require_version(instance: models.Model, read: bytes) -> None:
    """
    Lock a row, and return if it is the version that a client and the view have read.

    Raises:
        RowConflict: it is another one by now, or gone.
        RowAltered, RowUnverifiable: it is not what was sealed.
    """
    rows: Any = type(instance)._base_manager.using(instance._state.db)
    current = rows.select_for_update().filter(pk=instance.pk).first()
    if current is None:
        raise RowConflict
    stored = bytes(current.seal)
    mine = bytes(instance.seal)  # type: ignore[attr-defined]  # a SealedModel
    if not (compare_digest(stored, read) and compare_digest(stored, mine)):
        raise RowConflict


def _broken(error: Exception) -> APIException:
    detail = _("The record cannot be trusted. The administrators have been alarmed.")
    conflict = RowConflict(detail, BROKEN)
    conflict.__cause__ = error
    return conflict
