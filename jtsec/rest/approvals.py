"""
Approvals for programs: what waits, what one made, and the verdicts (clause A4.4).

    GET  …/             what somebody applied for
    GET  …/waiting/     what waits for somebody; never what they made themselves
    GET  …/<id>/        one of either, before and after, and its steps
    POST …/<id>/approve/  reject/  withdraw/  execute/    {"revision": 3, "note": "…",
                                                           "password": "…"}

All but a withdrawal take the password of who is logged in again: what a page asks for
is not had without it by calling what stands behind the page.
A verdict names the revision that was read; of anything changed since it is refused.
Nothing is submitted here: what an approver reads as "before" and "after" is put
together by the application, and not taken from whoever wants the approval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Any, ClassVar, Final
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from django.http import Http404

from jtsec.approvals import api
from jtsec.approvals.models import ApprovalRequest, ApprovalStep
from jtsec.authentication.api import require_password
from jtsec.core.exceptions import InputError

from .people_view import PeopleView

CONFLICT: Final = 409
OVERTAKEN: Final = frozenset(
    {"stale-revision", "stale-object", "wrong-state", "expired"}
)
"""Refusals that whoever may decide meets as well; they are no attack (A4.13)."""


class RequestSummary(serializers.ModelSerializer[ApprovalRequest]):
    """What a list tells of an application."""

    class Meta:
        model = ApprovalRequest
        fields: ClassVar[Any] = (
            *("id", "kind", "subject", "resource", "state", "step", "revision"),
            *("maker_name", "submitted_at", "deadline"),
        )


class StepSummary(serializers.ModelSerializer[ApprovalStep]):
    """What was done with an application, by whom, when, and what they said."""

    class Meta:
        model = ApprovalStep
        fields = ("kind", "actor_name", "at", "note")


class RequestDetail(RequestSummary):
    """An application whole: before and after, and what was done with it."""

    reason = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    steps = StepSummary(many=True)

    class Meta(RequestSummary.Meta):
        fields = (*RequestSummary.Meta.fields, "reason", "before", "after", "steps")


class Verdict(serializers.Serializer[Any]):
    """What a verdict says: over which revision, why, and who is there once more."""

    revision = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    password = serializers.CharField(
        required=False, max_length=1024, trim_whitespace=False, write_only=True
    )


class MyRequests(PeopleView):
    """Lists what somebody applied for."""

    gives = {"GET": RequestSummary(many=True)}

    def get(self, request: Request) -> Response:
        """Return the list, the newest first."""
        return Response(_listed(api.mine(request.user)))


class WaitingRequests(PeopleView):
    """Lists what waits for somebody's verdict."""

    gives = {"GET": RequestSummary(many=True)}

    def get(self, request: Request) -> Response:
        """Return the list, the oldest first."""
        return Response(_listed(api.waiting_for(request.user)))


class OneRequest(PeopleView):
    """Tells of one application that is somebody's, or waits for them."""

    gives = {"GET": RequestDetail}

    def get(self, request: Request, request_id: UUID) -> Response:
        """
        Return the application whole.

        Raises:
            Http404: there is none, or it is no business of theirs; which of the two
                is not told. The second is recorded.
            Refused: it was altered, or cannot be verified; recorded.
        """
        try:
            api.require_concerned(request.user, request_id)
        except InputError as error:
            raise Http404 from error
        except api.ApprovalRefused as refused:
            if refused.reason != "not-concerned":
                raise
            raise Http404 from refused
        row = api.find(request_id)
        application = api.application_of(row)
        return Response(
            {
                **RequestSummary(row).data,
                "reason": application.reason,
                "before": application.before,
                "after": application.after,
                "steps": StepSummary(api.history(row), many=True).data,
            }
        )


WITHDRAW: Final = "withdraw"
Verb = Callable[[UUID, int, str], ApprovalRequest]


def _withdraw(request_id: UUID, revision: int, note: str) -> ApprovalRequest:
    return api.withdraw(request_id, note=note)


def _verb(act: Callable[..., ApprovalRequest]) -> Verb:
    def apply(request_id: UUID, revision: int, note: str) -> ApprovalRequest:
        return act(request_id, revision=revision, note=note)

    return apply


VERBS: Final = MappingProxyType(
    {
        "approve": _verb(api.approve),
        "reject": _verb(api.reject),
        "execute": _verb(api.execute),
        WITHDRAW: _withdraw,
    }
)


class Decide(PeopleView):
    """Takes a verdict; who may give it is judged where pages are judged too."""

    takes = {"POST": Verdict}
    gives = {"POST": RequestSummary}

    def post(self, request: Request, request_id: UUID, verb: str) -> Response:
        """
        Give the verdict in the name of who is logged in.

        Raises:
            Refused: it is not theirs to give, or the application has changed since;
                recorded.
            InputError: there is no such application, the note is malformed, or the
                password is missing, or wrong: which counts as a failed login.
            LoginRefused: somebody is at the limit of failed logins; recorded.
        """
        sent = Verdict(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        if verb != WITHDRAW:
            api.find(request_id)  # nobody is charged for a number that is none
            require_password(request.user, said.get("password", ""))
        try:
            row = VERBS[verb](request_id, said["revision"], said.get("note", ""))
        except api.ExecutionFailed as error:
            return _conflict("execution-failed", error.sentence)
        except api.ApprovalRefused as refused:
            if refused.reason not in OVERTAKEN:
                raise
            # Its state and its revision are not told to whoever may not open it.
            api.require_concerned(request.user, request_id)
            return _conflict(refused.reason, refused.sentence)
        return Response(RequestSummary(row).data)


def _conflict(code: str, sentence: str) -> Response:
    return Response({"detail": str(sentence), "code": code}, status=CONFLICT)


def _listed(rows: Iterable[ApprovalRequest]) -> Any:
    return RequestSummary(list(rows), many=True).data
