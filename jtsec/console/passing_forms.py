"""What is typed by who passes a right on."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jtsec.access.api import grant_use, pass_propagation
from jtsec.access.models import Propagation
from jtsec.core.exceptions import InputError
from jtsec.identity.api import identity_of, user_by_login_name
from jtsec.identity.models import Identity

from .confirming import ConfirmedForm
from .grant_fields import MomentField, OfficeField

USE: Final = "use"
ON: Final = "on"


class PassForm(ConfirmedForm):
    """
    To whom, for use or to be passed on, and until when.

    Args:
        source: what the person who passes on holds.
    """

    to = forms.CharField(label=gettext_lazy("User name of the person"), max_length=150)
    what = forms.ChoiceField(label=gettext_lazy("What they get"))
    depth = forms.IntegerField(
        label=gettext_lazy("Depth"), min_value=0, initial=0, required=False
    )
    organisation = OfficeField()
    valid_until = MomentField(label=gettext_lazy("Valid until"))
    field_order = ("to", "what", "depth", "organisation", "valid_until")

    def __init__(self, source: Propagation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        use = (USE, pgettext_lazy("jtsec passing on", "The use of the function"))
        on = (ON, pgettext_lazy("jtsec passing on", "The right to pass it on"))
        known: Any = self.fields
        known["what"].choices = [use, on] if source.depth else [use]
        if source.depth:
            known["depth"].help_text = _(
                "Through how many further hands, at most %(most)d; of no meaning for "
                "the use."
            ) % {"most": source.depth - 1}
        else:
            del known["depth"]

    def pass_it(self) -> object:
        """
        Do what the form says, as who is logged in.

        Raises:
            InputError, PolicyRefused: as `grant_use` and `pass_propagation`.
        """
        typed = self.cleaned_data
        said = {
            "organisation": typed["organisation"],
            "valid_until": typed["valid_until"],
            "reason": typed["reason"],
        }
        to = self._receiver()
        if typed["what"] == USE:
            return grant_use(self.source, to, **said)
        return pass_propagation(self.source, to, depth=typed.get("depth") or 0, **said)

    def _receiver(self) -> Identity:
        found = identity_of(user_by_login_name(self.cleaned_data["to"]))
        if found is None:
            raise InputError(_("There is no such user."), field="to")
        return found
