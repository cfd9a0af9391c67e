"""
The notice after login, for programs (clauses A3.2.11, A3.2.12).

    GET  …/    this login, the last one, what failed since, and what ends when
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from django.http import Http404

from jtsec.authentication.api import notice_of
from jtsec.sessions.api import second_place

from .people_view import PeopleView


class LoginPlace(serializers.Serializer[Any]):
    """When and from where somebody logged in, or tried to."""

    at = serializers.DateTimeField(allow_null=True)
    address = serializers.CharField(allow_blank=True)
    terminal = serializers.CharField(allow_blank=True)


class OtherPlace(serializers.Serializer[Any]):
    """Where else the same user is, or just was, logged in."""

    at = serializers.DateTimeField()
    address = serializers.CharField(allow_blank=True)
    is_newer = serializers.BooleanField()
    has_ended = serializers.BooleanField()


class Notice(serializers.Serializer[Any]):
    """What somebody is told after login."""

    this = LoginPlace()
    previous = LoginPlace(allow_null=True)
    failure_count = serializers.IntegerField()
    failures = LoginPlace(many=True)
    valid_until = serializers.DateTimeField(allow_null=True)
    days_left_account = serializers.IntegerField(allow_null=True)
    password_until = serializers.DateTimeField()
    days_left_password = serializers.IntegerField()
    elsewhere = OtherPlace(many=True)


class LoginNotice(PeopleView):
    """Tells of this login and of those before it."""

    gives = {"GET": Notice}

    def get(self, request: Request) -> Response:
        """
        Return the notice; asking does not make it go away, the page does.

        Raises:
            Http404: the account has none.
        """
        notice = notice_of(request.user)
        if notice is None:
            raise Http404
        elsewhere = OtherPlace(second_place(request._request), many=True).data
        return Response({**notice.as_dict(), "elsewhere": elsewhere})
