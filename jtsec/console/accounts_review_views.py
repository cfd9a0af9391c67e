"""The quarterly review of accounts, and those long unused (clauses P32, P44.1)."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.decorators import requires
from jtsec.accounts.api import (
    AccountReview,
    Owners,
    ReviewedAccount,
    Verdict,
    accounts_of,
    close_review,
    confirm,
    find_review,
    open_review,
    result_words,
    review_document,
    strike,
    suspend_unused,
    this_quarter,
    unused_accounts,
    unused_days,
)
from jtsec.audit.reports.api import FORMS, LibraryMissing, write
from jtsec.authentication.conf import page_settings
from jtsec.core.clock import now
from jtsec.core.context import current
from jtsec.core.exceptions import CannotVerify, VerifiedFalse

from .accounts_acts import FOLDER, Act, show_act
from .acting import ALTERED, Fault, ReasonForm, carry_out
from .confirming import ConfirmedForm
from .page import show

RIGHT: Final = "jtsec.review_account"
ROWS: Final = 100


class AnswerForm(forms.Form):
    """What is said of the accounts that are ticked."""

    account = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Accounts"), coerce=UUID, required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Needed to strike accounts off."),
    )

    def __init__(self, rows: list[ReviewedAccount], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account: Any = self.fields["account"]
        account.choices = [(str(row.pk), row.username) for row in rows]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def reviews(request: HttpRequest) -> HttpResponse:
    """List the reviews and open the one of this quarter."""
    form = ReasonForm(request.POST or None)
    fault: Fault | None = None
    if request.method == "POST":
        fault = carry_out(form, lambda: open_review(reason=form.cleaned_data["reason"]))
        if fault is None:
            messages.success(request, _("The list is drawn up and recorded."))
            return redirect("jtsec-console:review", this_quarter())
    found = list(AccountReview.objects.all()[:40])
    unused = list(unused_accounts())
    context = {
        "reviews": found,
        "at": now(),
        "quarter": this_quarter(),
        "may_open": not any(
            one.closed_at is None or one.quarter == this_quarter() for one in found
        ),
        "form": form,
        "fault": fault,
        "unused": unused[:ROWS],
        "unused_count": len(unused),
        "days": unused_days(),
    }
    status = fault.status if fault else 200
    return show(request, f"{FOLDER}/reviews.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def review(request: HttpRequest, quarter: str) -> HttpResponse:
    """Show the list of a review, and answer for the accounts that are ticked."""
    try:
        found, rows = _review(quarter)
    except (VerifiedFalse, CannotVerify):
        return show(
            request, f"{FOLDER}/review_altered.html", {"fault": ALTERED}, status=403
        )
    mine = _answerable(rows)
    form = AnswerForm(mine, request.POST or None)
    fault: Fault | None = None
    if request.method == "POST":
        fault = carry_out(
            form, lambda: _answer(found, form, request.POST.get("act", ""))
        )
        if fault is None:
            messages.success(request, _("Answered and recorded."))
            return redirect(request.get_full_path())
    waiting = [row for row in rows if row.verdict == Verdict.OPEN]
    shown = _filtered(rows, mine, request.GET.get("show", ""))
    context = {
        "review": found,
        "rows": [(row, row in mine, result_words(row)) for row in shown[:500]],
        "is_cut": len(shown) > 500,
        "shows": request.GET.get("show", ""),
        "figures": Counter(row.verdict or "open" for row in rows),
        "results": Counter(row.result for row in rows),
        "may_close": found.closed_at is None and (not waiting or found.due_at <= now()),
        "is_overdue": found.closed_at is None and found.due_at <= now(),
        "forms": [
            (name, reverse("jtsec-console:review-file", args=(quarter, name)))
            for name in FORMS
        ],
        "form": form,
        "fault": fault,
    }
    status = fault.status if fault else 200
    return show(request, f"{FOLDER}/review.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def close(request: HttpRequest, quarter: str) -> HttpResponse:
    """Close a review: what is not needed goes out of use."""
    try:
        found, rows = _review(quarter)
    except (VerifiedFalse, CannotVerify):
        return show(
            request, f"{FOLDER}/review_altered.html", {"fault": ALTERED}, status=403
        )
    answers = Counter(row.verdict for row in rows)
    form = ConfirmedForm(request)
    act = Act(
        title=_("Close the review of %(quarter)s") % {"quarter": quarter},
        clause="P32",
        button=_("Close the review"),
        form=form,
        verb=lambda: close_review(found, reason=form.cleaned_data["reason"]),
        done=_("The review is closed; its record is kept."),
        back=reverse("jtsec-console:review", args=(quarter,)),
        facts=[(one.label, str(answers[one])) for one in Verdict],
        warning=_(
            "Accounts that were struck off, not confirmed in time, expired or unused "
            "for too long go out of use, and their sessions end. The last "
            "administrators of a duty and your own account stay."
        ),
        is_danger=True,
        code="accounts:unused:suspended",
    )
    return show_act(request, act)


@require_safe
@requires(RIGHT)
@never_cache
def review_file(request: HttpRequest, quarter: str, form: str) -> HttpResponse:
    """Hand out the record of a review as a file."""
    if form not in FORMS:
        raise Http404
    pages, file = page_settings(), io.BytesIO()
    try:
        found, _rows = _review(quarter)
        document = review_document(
            found, form=form, system=pages.system_name, organisation=pages.organisation
        )
        write(document, form, file)
    except (VerifiedFalse, CannotVerify):
        return show(
            request, f"{FOLDER}/review_altered.html", {"fault": ALTERED}, status=403
        )
    except LibraryMissing as error:
        return show(
            request, f"{FOLDER}/review_altered.html", {"fault": error}, status=503
        )
    response = HttpResponse(file.getvalue(), content_type=FORMS[form].content_type)
    name = f"accounts-{quarter}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def suspend(request: HttpRequest) -> HttpResponse:
    """Suspend the accounts that nobody used for too long."""
    unused = list(unused_accounts())
    form = ConfirmedForm(request)
    act = Act(
        title=_("Suspend unused accounts"),
        clause="P44.1",
        button=_("Suspend"),
        form=form,
        verb=lambda: suspend_unused(reason=form.cleaned_data["reason"]),
        done=_("The unused accounts are suspended; each is recorded."),
        back=reverse("jtsec-console:reviews"),
        facts=[
            (_("Unused for more than"), _("%(days)d days") % {"days": unused_days()}),
            (_("Accounts"), str(len(unused))),
        ],
        warning=_("The last administrators of a duty and your own account stay."),
        is_danger=True,
        code="accounts:unused:suspended",
    )
    return show_act(request, act)


def _review(quarter: str) -> tuple[AccountReview, list[ReviewedAccount]]:
    """Return a review with its list, or raise `Http404`; both are verified."""
    found = find_review(quarter)
    if found is None:
        raise Http404
    return found, accounts_of(found)


def _answerable(rows: list[ReviewedAccount]) -> list[ReviewedAccount]:
    """Return the accounts for which who asks may answer."""
    owners, uid = Owners.now(), current().actor.uid
    return [
        row for row in rows if not owners.may_answer(uid, row.uid, row.organisation)
    ]


def _filtered(
    rows: list[ReviewedAccount], mine: list[ReviewedAccount], wanted: str
) -> list[ReviewedAccount]:
    match wanted:
        case "mine":
            return [row for row in mine if row.verdict == Verdict.OPEN]
        case "open":
            return [row for row in rows if row.verdict == Verdict.OPEN]
        case "struck":
            return [row for row in rows if row.verdict == Verdict.STRUCK]
    return rows


def _answer(found: AccountReview, form: AnswerForm, act: str) -> None:
    numbers, reason = form.cleaned_data["account"], form.cleaned_data["reason"]
    if act == "strike":
        strike(found, numbers, reason=reason)
    else:
        confirm(found, numbers, note=reason)
