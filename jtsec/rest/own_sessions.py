"""
Somebody's own sessions, for programs (clauses A9.1, A9.3).

    GET    …/               where they are logged in
    DELETE …/<id>/          end one of the others
    POST   …/end-others/    end all of the others
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from django.http import Http404

from jtsec.sessions import api
from jtsec.sessions.models import Session

from .people_view import PeopleView


class SessionSummary(serializers.Serializer[Any]):
    """One live session; `id` stands for the cookie, which it does not tell."""

    id = serializers.CharField()
    address = serializers.CharField(allow_blank=True)
    terminal = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()
    is_this = serializers.BooleanField()


class Ended(serializers.Serializer[Any]):
    """How many sessions were ended."""

    ended = serializers.IntegerField()


class OwnSessions(PeopleView):
    """Lists the live sessions of who asks."""

    gives = {"GET": SessionSummary(many=True)}

    def get(self, request: Request) -> Response:
        """Return the list, the last login first."""
        own = api.own_session(request._request)
        rows = [] if own is None else list(api.live_sessions(own.user_id))
        return Response([_told(row, own) for row in rows])


class OneSession(PeopleView):
    """Ends one session of who asks."""

    gives = {"DELETE": None}

    def delete(self, request: Request, session: str) -> Response:
        """
        End one of the user's own other sessions.

        Raises:
            Http404: it is nobody's, somebody else's, or the one that asks; which of
                them is not told. This one ends by logging out.
        """
        if not api.end_other(request._request, session):
            raise Http404
        return Response(status=204)


class OtherSessions(PeopleView):
    """Ends all sessions of who asks but this one."""

    gives = {"POST": Ended}

    def post(self, request: Request) -> Response:
        """End them, and return how many there were."""
        return Response({"ended": api.end_others(request._request)})


def _told(row: Session, own: Session | None) -> dict[str, Any]:
    names = ("address", "terminal", "created_at", "last_seen_at")
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in names},
        "is_this": own is not None and row.pk == own.pk,
    }
