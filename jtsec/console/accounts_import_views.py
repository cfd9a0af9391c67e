"""Many new users from a file: checked first, then submitted for review (P54.3)."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from jtsec.access.decorators import requires
from jtsec.accounts.api import Batch, apply_for_registrations
from jtsec.authentication.api import recorded_as

from .acting import Fault, carry_out, tell_done
from .confirming import ConfirmedForm
from .page import show

RIGHT: Final = "jtsec.register_account"
TEMPLATE: Final = "jtsec/console/accounts/import.html"
LARGEST: Final = 1_000_000
SHOWN: Final = 100


class FileForm(ConfirmedForm):
    """
    A file of people, in one of the two encodings that table programs write.

    The check alone changes nothing, and asks for no password.
    """

    file = forms.FileField(label=gettext_lazy("CSV file"))
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        choices=[
            ("utf-8", "UTF-8"),
            ("gb18030", gettext_lazy("GB18030 (saved by Excel)")),
        ],
    )
    field_order = ("file", "encoding", "reason", "password")

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, files=request.FILES or None)
        self.is_check = request.POST.get("act") != "submit"
        # Or the browser would not let the check go without it.
        self.fields["password"].required = False

    def clean_file(self) -> Any:
        """Refuse what is too large to be read in one request."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(
                _("The file is larger than %(limit)d bytes.") % {"limit": LARGEST}
            )
        return file

    def clean(self) -> dict[str, Any]:
        """Compare the password before anybody is submitted."""
        return self.cleaned_data if self.is_check else super().clean()


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def upload(request: HttpRequest) -> HttpResponse:
    """Check a file, or submit everybody it names; with one bad line nobody."""
    is_sent = request.method == "POST"
    form = FileForm(request)
    fault: Fault | None = None
    batches: list[Batch] = []
    if is_sent:
        fault = carry_out(form, lambda: batches.append(_batch(form)))
        if batches and batches[0].submitted:
            tell_done(request, _said(batches[0]))
            return redirect("jtsec-console:users")
    batch = batches[0] if batches else None
    context = {
        "form": form,
        "fault": fault,
        "recorded": recorded_as("approvals:request:submitted"),
        "batch": batch,
        "faults": batch.faults[:SHOWN] if batch else (),
    }
    is_bad = batch is not None and bool(batch.faults)
    status = fault.status if fault else 400 if is_bad else 200
    return show(request, TEMPLATE, context, status=status)


def _batch(form: FileForm) -> Batch:
    asked = form.cleaned_data
    return apply_for_registrations(
        asked["file"].read(),
        reason=asked["reason"],
        encoding=asked["encoding"],
        dry_run=form.is_check,
    )


def _said(batch: Batch) -> str:
    return _("%(count)d applications are submitted. A second person reviews each.") % {
        "count": batch.submitted
    }
