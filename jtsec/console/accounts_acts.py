"""The page at which the system administrator does one thing to one account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from jtsec.authentication.api import recorded_as

from .acting import Fault, carry_out
from .confirming import ConfirmedForm
from .page import show

FOLDER: Final = "jtsec/console/accounts"
StrOrPromise = str | Promise


@dataclass(frozen=True, kw_only=True)
class Act:
    """
    What is about to be done.

    Args:
        title: what the page is called.
        clause: which clause it serves.
        button: what the button says.
        form: what is typed, with the reason and the password.
        verb: does it, with what the form holds; returns what is to be said, "" for
            `done`.
        done: what is said afterwards.
        back: where the page leads then.
        facts: labelled values of what it is about.
        explains: what comes of it.
        warning: what ends with it.
        is_danger: whether the button looks so.
        code: the event that is recorded, "" where the title says it.
        template: the page.
    """

    title: StrOrPromise
    clause: str
    button: StrOrPromise
    form: ConfirmedForm
    verb: Callable[[], object]
    done: StrOrPromise
    back: str
    facts: Sequence[tuple[StrOrPromise, object]] = ()
    explains: StrOrPromise = ""
    warning: StrOrPromise = ""
    is_danger: bool = False
    code: str = ""
    template: str = f"{FOLDER}/act.html"


def show_act(request: HttpRequest, act: Act) -> HttpResponse:
    """Ask for what is needed, and do it; 400 and 403 say why it was not done."""
    fault: Fault | None = None
    if request.method == "POST":
        fault = carry_out(act.form, act.verb)
        if fault is None:
            messages.success(request, str(act.done))
            return redirect(act.back)
    context = {
        "act": act,
        "form": act.form,
        "fault": fault,
        "recorded": recorded_as(act.code),
    }
    return show(request, act.template, context, status=fault.status if fault else 200)
