"""The same passes for programs: closed by the same rights (clauses A4.3, A4.13)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from django.db.models import QuerySet

from jtsec.access.api import get_visible_or_404
from jtsec.audit.api import record
from jtsec.audit.coverage.api import audit_query
from jtsec.protection.api import telling_altered
from jtsec.protection.masking.api import in_clear
from jtsec.protection.masking.rest import MaskedSerializer
from jtsec.rest.permissions import requires

from .events import PermitViewed
from .functions import QUERY, VIEW_OWNER
from .models import Permit


class PermitSummary(MaskedSerializer, serializers.ModelSerializer):
    """What a list tells of an application, as the caller may see it."""

    organisation = serializers.CharField(source="organisation.code")
    id_number = serializers.CharField(source="owner_id_number")
    phone = serializers.CharField(source="owner_phone")

    class Meta:
        model = Permit
        fields = (
            "number",
            "plate",
            "vehicle_kind",
            "state",
            "sensitivity",
            "organisation",
            "owner_name",
            "id_number",
            "phone",
            "valid_from",
            "valid_until",
        )


class Pages(PageNumberPagination):
    """Twenty a page; nobody asks for everything at once."""

    page_size = 20


class PermitList(ListAPIView):
    """
    Lists the applications within reach.

    Of one that was altered behind the application it tells that, and no value (A6.2).
    """

    permission_classes = (requires(QUERY),)
    serializer_class = PermitSummary
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Permit]:
        """Return what the caller may see."""
        permits = Permit.objects.visible_to(self.request.user, QUERY)
        return telling_altered(audit_query(permits.select_related("organisation")))


class PermitDetail(RetrieveAPIView):
    """Tells of one application."""

    permission_classes = (requires(QUERY),)
    serializer_class = PermitSummary
    right = QUERY

    def get_object(self) -> Permit:
        """Return the application, for who may see it."""
        permits = Permit.objects.select_related("organisation")
        permit = get_visible_or_404(
            permits, self.request.user, self.right, number=self.kwargs["number"]
        )
        self.check_object_permissions(self.request, permit)
        return permit

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the application, once it is written down that it was looked at."""
        permit = self.get_object()
        record(PermitViewed(resource=f"permits.permit:{permit.pk}"))
        return Response(self.get_serializer(permit).data)


class PermitOwner(PermitDetail):
    """Tells the owner's full data: to police, at their own terminal."""

    permission_classes = (requires(VIEW_OWNER),)
    right = VIEW_OWNER

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the owner in clear; it is recorded, and counted by the hour."""
        permit = self.get_object()
        return Response({"number": permit.number, **in_clear(request, permit)})
