"""The vehicle of an application, checked against the register: drawn for one use."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jtsec.access.api import get_visible_or_404
from jtsec.access.decorators import requires
from jtsec.core.exceptions import Refused
from jtsec.protection.extraction.api import draw
from jtsec.protection.residual.api import kept_nowhere
from jtsec.protection.transient import api as transient

from .functions import QUERY
from .models import DrawnVehicle, Permit
from .shown import resource_of

NAME = "vehicle"
OPEN = (Permit.State.DRAFT, Permit.State.FILED)


@require_http_methods(["GET", "POST"])
@requires(QUERY)
@kept_nowhere
def permit_vehicle(request: HttpRequest, number: str) -> HttpResponse:
    """Show what was drawn, or draw it while the application is open (R16, T7.4)."""
    permits = Permit.objects.all()
    permit = get_visible_or_404(permits, request.user, QUERY, number=number)
    business = resource_of(permit)
    if request.method == "POST":
        if permit.state not in OPEN:
            raise Refused("business-closed", "申请已办结，不再抽取车辆信息。")
        drawn = draw(DrawnVehicle, ask_the_register(permit))
        transient.put(request, NAME, drawn, business=business)
        return redirect("permits:vehicle", number=number)
    found = transient.get(request, NAME, business=business)
    vehicle = DrawnVehicle(**found) if found else None
    context = {"permit": permit, "vehicle": vehicle, "is_open": permit.state in OPEN}
    return render(request, "permits/vehicle.html", context)


def ask_the_register(permit: Permit) -> dict[str, str]:
    """Answer as an interface of the national register does; made up, as all data."""
    return {
        "hphm": permit.plate,
        "hpzl": permit.vehicle_kind,
        "zt": "正常" if sum(permit.plate.encode()) % 5 else "逾期未检验",
        "yxqz": f"{permit.valid_until.year + 1}-06-30",
        "clsbdh": permit.vin,
    }
