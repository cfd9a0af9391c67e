"""
Serializers of the REST framework whose output is masked (clause T7.2).

    class PermitSerializer(MaskedSerializer, serializers.ModelSerializer): ...

Every field, method and source of such a serializer sees the row as the caller may. A
mask that a client sends back means "unchanged"; other stars are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from jtsec.core.masking import STAR, MaskedText

from ..altered import AlteredRow, TellsAltered
from .declaration import NOTHING, masking_of
from .shown import shown

try:
    from rest_framework.fields import SkipField
    from rest_framework.relations import PKOnlyObject
    from rest_framework.serializers import Serializer, ValidationError
except ImportError as missing:
    raise ImportError(
        "jtsec.protection.masking.rest needs Django REST framework: "
        "pip install 'jtsec[rest]'"
    ) from missing

if TYPE_CHECKING:
    _Serializer = Serializer[Any]
else:
    _Serializer = object  # it stands before the project's own serializer


class MaskedSerializer(TellsAltered, _Serializer):
    """Masks what a serializer tells; what the caller may not see is left out."""

    leaves_out = True
    """Read by the description of the interfaces: no field of it is always there."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Return the row as the caller of the request sees it; nobody sees least."""
        if isinstance(instance, AlteredRow):
            told: dict[str, Any] = super().to_representation(instance)
            return told
        request = self.context.get("request")
        row = shown(instance, getattr(request, "user", None), _leave_out)
        told = {}
        for field in self._readable_fields:
            name = str(field.field_name)
            try:
                value = field.get_attribute(row)
                # A mask is text, whatever kind of field it stands in for.
                if value is None or isinstance(value, MaskedText):
                    told[name] = value
                elif isinstance(value, PKOnlyObject) and value.pk is None:
                    told[name] = None
                else:
                    told[name] = field.to_representation(value)
            except SkipField:
                continue
        return told

    def to_internal_value(self, data: Any) -> Any:
        """
        Return validated values, without the masks that came back unchanged.

        Raises:
            ValidationError: a masked field holds other stars than were shown.
        """
        if not hasattr(data, "items"):
            return super().to_internal_value(data)
        row = getattr(self, "instance", None)
        model = getattr(getattr(self, "Meta", None), "model", None)
        masking = masking_of(model) if model else NOTHING
        given, faults = dict(data.items()), {}
        kept: dict[str, Any] = {}
        for name, field in self.fields.items():
            value, source = given.get(name), str(field.source)
            if source not in masking.fields or STAR not in str(value):
                continue
            stored = getattr(row, source, None)
            if stored is not None and value == masking.masked(source, stored):
                given[name] = kept[name] = stored
            else:
                faults[name] = [_("Write the whole value, without stars.")]
        if faults:
            raise ValidationError(faults)
        return super().to_internal_value(given if kept else data)


def _leave_out(name: str) -> Any:
    raise SkipField
