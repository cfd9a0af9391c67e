"""Terminals and services that sign, and a site that they call."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from django.test import Client
from django.urls import include, path

from jtsec.core.context import acting_as, current, system_actor
from jtsec.crypto import sm2
from jtsec.errors.rest import exception_handler
from jtsec.rest.api import authorization, register_client
from jtsec.rest.authentication import SignedRequests
from jtsec.rest.models import SignedClient
from jtsec.rest.permissions import requires
from tests.rest.declared import READ

PLACE = "/things/"


@cache
def key() -> sm2.PrivateKey:
    """Return the private key of the terminal, the same in every test."""
    return sm2.generate()


class Things(APIView):
    """Says who called, from where, with what."""

    authentication_classes = (SignedRequests,)
    permission_classes: tuple[Any, ...] = (requires(READ, POST=READ),)

    def get_exception_handler(self) -> Any:
        return exception_handler

    def get(self, request: Request) -> Response:
        return Response(told(request))

    def post(self, request: Request) -> Response:
        return Response({**told(request), "got": request.data})


def told(request: Request) -> dict[str, Any]:
    """Return what the controls know of a request."""
    return {
        "user": request.user.get_username(),
        "actor": current().actor.username,
        "terminal": current().source.terminal,
        "query": request.query_params.dict(),
    }


urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("things/", Things.as_view()),
    path("东西/", Things.as_view()),
]


def terminal(account: str = "officer", **other: Any) -> SignedClient:
    """Return a registered terminal; its key is `key()`."""
    given: dict[str, Any] = {
        "code": "gate-3",
        "name": "三号门自助机",
        "kind": "terminal",
        "account": account,
        "public_key": key().public.to_pem(),
        "rights": [READ],
        "networks": ["127.0.0.1"],
        "reason": "自助机上线",
        **other,
    }
    with acting_as(system_actor("a-test")):
        return register_client(**given)


def signed(
    client: SignedClient,
    method: str = "GET",
    url: str = PLACE,
    body: bytes = b"",
    **other: Any,
) -> str:
    """Return the header of a request that the terminal signs."""
    return authorization(key(), client.pk, method, url, body, **other)


def get(header: str, url: str = PLACE, **extra: Any) -> Any:
    """Call the interface with a header."""
    caller = Client(raise_request_exception=False)
    return caller.get(url, headers={"authorization": header}, **extra)


def post(client: SignedClient, said: Any, **other: Any) -> Any:
    """Sign and send JSON."""
    body = json.dumps(said).encode()
    header = signed(client, "POST", PLACE, body, content_type="application/json")
    return Client(raise_request_exception=False).post(
        PLACE,
        other.get("sent", body),
        content_type=other.get("content_type", "application/json"),
        headers={"authorization": header},
    )
