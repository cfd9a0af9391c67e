"""Who holds which post, and up to which sensitivity somebody may see (P15.1, A4.14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.api import Post, appoint, dismiss, posts, set_clearance
from jtsec.access.decorators import requires
from jtsec.access.models import AccessProfile
from jtsec.authentication.api import recorded_as

from .access_post_forms import AppointForm, ClearanceForm
from .acting import Fault, carry_out, tell_done
from .ending import Ending, show_ending
from .granted import state_of
from .granted_page import show_granted
from .page import show
from .people import person_numbered

RIGHT: Final = "jtsec.appoint_post"
FOLDER: Final = "jtsec/console/access"
CLEARANCE: Final = "clearance"


@require_safe
@requires(RIGHT)
@never_cache
def all_posts(request: HttpRequest) -> HttpResponse:
    """List the posts and who holds them, and find a person."""
    held = AccessProfile.objects.filter(ended_at=None).exclude(posts=[], clearance=0)
    known = posts()

    def titles(codes: Iterable[str]) -> list[str]:
        return [_title(known.get(code), code) for code in codes]

    return show_granted(
        request,
        f"{FOLDER}/posts.html",
        held.select_related("identity__organisation"),
        view="jtsec-console:posts-of",
        beside=lambda one: (titles(one.posts),),
        posts=[(one, titles(_others(one, known))) for one in known.values()],
    )


def _others(post: Post, known: Mapping[str, Post]) -> list[str]:
    """Return the posts that nobody holds beside this one, whichever of both says so."""
    saying = {code for code, other in known.items() if post.code in other.excludes}
    return sorted((post.excludes | saying) - {post.code})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the posts and the clearance of a person, and change them."""
    who = person_numbered(uid)
    profile = AccessProfile.objects.filter(identity=who).first()
    level = profile.clearance if profile else 0
    is_clearance = request.POST.get("act") == CLEARANCE
    post_form = AppointForm(who, request, is_asked=not is_clearance, prefix="post")
    level_form = ClearanceForm(
        request, is_asked=is_clearance, prefix="level", initial={"clearance": level}
    )
    fault: Fault | None = None
    if request.method == "POST":
        fault = (
            carry_out(level_form, lambda: set_clearance(who, **_level(level_form)))
            if is_clearance
            else carry_out(post_form, lambda: appoint(who, **post_form.cleaned_data))
        )
        if fault is None:
            tell_done(request, _("It is set and recorded."))
            return redirect("jtsec-console:posts-of", uid)
    known = posts()
    context = {
        "who": who,
        "profile": profile,
        "state": state_of(profile) if profile else None,
        "held": [
            (code, _title(known.get(code), code))
            for code in (profile.posts if profile else ())
        ],
        "post_form": post_form,
        "level_form": level_form,
        "form": level_form if is_clearance else post_form,
        "fault": fault,
        "post_recorded": recorded_as("access:post:given"),
        "level_recorded": recorded_as("access:clearance:changed"),
        "clearance": CLEARANCE,
    }
    status = fault.status if fault else 200
    return show(request, f"{FOLDER}/posts_of.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def take_back(request: HttpRequest, uid: UUID, code: str) -> HttpResponse:
    """Take one post from one person."""
    who = person_numbered(uid)
    held = AccessProfile.objects.filter(identity=who).first()
    if held is None or code not in held.posts:
        raise Http404
    ending = Ending(
        title=_("Take a post back"),
        button=_("Take it back"),
        facts=(
            (_("Person"), f"{who.name} ({who.login_name})"),
            (_("Post"), _title(posts().get(code), code)),
        ),
        warning="",
        done=_("The post is taken back and recorded."),
        back=reverse("jtsec-console:posts-of", args=(uid,)),
        clause="P15.1",
        code="access:post:taken-back",
    )
    return show_ending(request, ending, lambda why: dismiss(who, code, reason=why))


def _level(form: ClearanceForm) -> dict[str, Any]:
    return {
        "level": form.cleaned_data["clearance"],
        "reason": form.cleaned_data["reason"],
    }


def _title(post: Post | None, code: str) -> str:
    """Return what a post is called; one nobody declares any more by its code."""
    return code if post is None else str(post.title)
