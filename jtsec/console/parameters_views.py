"""The settings, for who runs the system: all of them, read and never written here."""

from __future__ import annotations

from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires

from .page import show
from .parameters import Parameter, parameters

RIGHT: Final = "jtsec.view_parameter"
TEMPLATE: Final = "jtsec/console/system/parameters.html"


class ParameterSearch(forms.Form):
    """Which settings the list shows."""

    text = forms.CharField(label=_("Setting or clause"), required=False, max_length=100)
    which = forms.ChoiceField(
        label=_("Which settings"),
        required=False,
        choices=[
            ("", _("All settings")),
            ("floor", _("Those with a floor of the specification")),
            ("differs", _("Those that differ from the default")),
            ("gap", _("Those below their floor")),
        ],
    )

    def keeps(self, one: Parameter) -> bool:
        """Answer whether a setting is among what was asked for."""
        text = self.cleaned_data["text"].strip().casefold()
        if text not in f"{one.name} {one.title} {one.clause}".casefold():
            return False
        match self.cleaned_data["which"]:
            case "floor":
                return bool(one.floor)
            case "differs":
                return one.differs
            case "gap":
                return one.is_gap
        return True


@require_safe
@requires(RIGHT)
@never_cache
def all_parameters(request: HttpRequest) -> HttpResponse:
    """List the settings: value, default, floor, clause, last change (A3.2.8, A5.3)."""
    form = ParameterSearch(request.GET)
    found = parameters()
    is_sound = form.is_valid()
    rows = [one for one in found if form.keeps(one)] if is_sound else []
    context = {"form": form, "rows": rows, "total": len(found)}
    return show(request, TEMPLATE, context, status=200 if is_sound else 400)
