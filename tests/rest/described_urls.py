"""A project's own interface, of the framework's usual kind, beside those of jtsec."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.generics import ListAPIView

from django.db.models import QuerySet
from django.urls import include, path

from jtsec.errors.models import SealedError
from jtsec.rest.permissions import requires
from tests.rest.declared import READ


class Thing(serializers.ModelSerializer[SealedError]):
    """A row, by its number."""

    class Meta:
        model = SealedError
        fields = ("reference",)


class Things(ListAPIView[SealedError]):
    """Lists things."""

    permission_classes = (requires(READ),)
    serializer_class = Thing

    def get_queryset(self) -> QuerySet[SealedError]:
        return SealedError.objects.all()


urlpatterns: list[Any] = [
    path("accounts/", include("jtsec.urls")),
    path("api/", include("jtsec.rest.urls")),
    path("things/", Things.as_view()),
]
