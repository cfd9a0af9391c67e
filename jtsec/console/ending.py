"""The page at which something given is taken back, with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from jtsec.authentication.api import recorded_as

from .acting import Fault, carry_out, tell_done
from .confirming import ConfirmedForm
from .page import show

TEMPLATE: Final = "jtsec/console/access/ending.html"
StrOrPromise = str | Promise


@dataclass(frozen=True)
class Ending:
    """
    What is about to end.

    Args:
        title: what the page is called.
        button: what the button says.
        facts: labelled values of what it is.
        warning: what else ends with it.
        done: what is said afterwards.
        back: where the page leads then.
        clause: which clause it serves.
        code: the event that is recorded, "" where the title says it.
    """

    title: StrOrPromise
    button: StrOrPromise
    facts: Sequence[tuple[StrOrPromise, object]]
    warning: StrOrPromise
    done: StrOrPromise
    back: str
    clause: str
    code: str = ""


def show_ending(
    request: HttpRequest, ending: Ending, act: Callable[[str], object]
) -> HttpResponse:
    """
    Ask for the reason and the password, and do it.

    Args:
        request: GET shows, POST does.
        ending: what it is about.
        act: the verb, called with the reason.
    """
    form = ConfirmedForm(request)
    fault: Fault | None = None
    if request.method == "POST":
        fault = carry_out(form, lambda: act(form.cleaned_data["reason"]))
        if fault is None:
            tell_done(request, ending.done)
            return redirect(ending.back)
    context = {
        "ending": ending,
        "form": form,
        "fault": fault,
        "recorded": recorded_as(ending.code),
    }
    return show(request, TEMPLATE, context, status=fault.status if fault else 200)
