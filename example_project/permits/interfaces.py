"""The same passes for programs: closed by the same rights (clauses A4.3, A4.13)."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.pagination import PageNumberPagination

from django.db.models import QuerySet

from jtsec.access.api import get_visible_or_404
from jtsec.audit.api import record
from jtsec.audit.coverage.api import audit_query
from jtsec.rest.permissions import requires

from .events import OwnerViewed, PermitViewed
from .functions import QUERY, VIEW_OWNER
from .models import Permit


class PermitSummary(serializers.ModelSerializer):
    """What a list tells of an application."""

    organisation = serializers.CharField(source="organisation.code")
    id_number = serializers.CharField(source="masked_id_number")
    phone = serializers.CharField(source="masked_phone")

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


class Owner(serializers.ModelSerializer):
    """The full data of an owner."""

    class Meta:
        model = Permit
        fields = ("number", "owner_name", "owner_id_number", "owner_phone")


class Pages(PageNumberPagination):
    """Twenty a page; nobody asks for everything at once."""

    page_size = 20


class PermitList(ListAPIView):
    """Lists the applications within reach."""

    permission_classes = (requires(QUERY),)
    serializer_class = PermitSummary
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Permit]:
        """Return what the caller may see."""
        permits = Permit.objects.visible_to(self.request.user, QUERY)
        return audit_query(permits.select_related("organisation"))


class PermitDetail(RetrieveAPIView):
    """Tells of one application."""

    permission_classes = (requires(QUERY),)
    serializer_class = PermitSummary
    right = QUERY
    event = PermitViewed

    def get_object(self) -> Permit:
        """Return the application, once it is written down that it was looked at."""
        permits = Permit.objects.select_related("organisation")
        permit = get_visible_or_404(
            permits, self.request.user, self.right, number=self.kwargs["number"]
        )
        self.check_object_permissions(self.request, permit)
        record(self.event(resource=f"permits.permit:{permit.pk}"))
        return permit


class PermitOwner(PermitDetail):
    """Tells the owner's full data: to police, at their own terminal."""

    permission_classes = (requires(VIEW_OWNER),)
    serializer_class = Owner
    right = VIEW_OWNER
    event = OwnerViewed
