"""
An action for a project's own admin: approve what waits for the chosen objects.

    class PermitAdmin(ApprovesApplications):
        ...

The admin is one more face of the same choke point: whoever raised or edited an
application is refused here as on every page, staff and all rights notwithstanding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from jtsec.core.exceptions import InputError

from .bulk import MOST, approve_each, parse_chosen
from .forms import BulkForm
from .listing import waiting_for
from .models import ApprovalRequest

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin

CONFIRMED: Final = "jtsec_approve"
TEMPLATE: Final = "jtsec/approvals/admin_approve.html"


class ApprovesApplications(_ModelAdmin):
    """
    Is a ModelAdmin with the action "Approve the applications for these".

    Applications are found by their resource, "app.model:pk" in small letters.
    """

    actions = ("approve_applications",)

    @admin.action(description=_("Approve the applications for these"))
    def approve_applications(
        self, request: HttpRequest, queryset: QuerySet[Model]
    ) -> HttpResponse | None:
        """Show what would be approved; then approve each by itself, as it was shown."""
        if CONFIRMED not in request.POST:
            return self._ask(request, queryset, BulkForm(request.user))
        form = BulkForm(request.user, request.POST)
        try:
            chosen = parse_chosen(request.POST.getlist("chosen"))
        except InputError as error:
            self.message_user(request, str(error), messages.ERROR)
            return None
        if not form.is_valid():
            return self._ask(request, queryset, form)
        for one in approve_each(chosen, note=form.cleaned_data["note"]):
            if one.error is not None:
                self.message_user(request, str(one.error), messages.ERROR)
            elif one.row is not None:
                state = one.row.get_state_display()
                self.message_user(request, f"{one.row.subject}: {state}")
        return None

    def _ask(
        self, request: HttpRequest, queryset: QuerySet[Model], form: BulkForm
    ) -> HttpResponse | None:
        rows = _waiting_of(request, queryset)
        if not rows:
            self.message_user(request, str(NOTHING), messages.WARNING)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Approve the applications for these"),
            "rows": [(row, f"{row.pk}:{row.revision}") for row in rows],
            "objects": queryset,
            "confirmed": CONFIRMED,
            "form": form,
            "opts": self.model._meta,
        }
        return TemplateResponse(request, TEMPLATE, context)


NOTHING: Final = _("Nothing of these waits for your approval.")


def _waiting_of(
    request: HttpRequest, queryset: QuerySet[Model]
) -> list[ApprovalRequest]:
    label = queryset.model._meta.label_lower
    wanted = {f"{label}:{pk}" for pk in queryset.values_list("pk", flat=True)[:MOST]}
    return [row for row in waiting_for(request.user) if row.resource in wanted]
