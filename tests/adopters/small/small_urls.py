"""The pages of a small project."""

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import include, path

from jtsec.access.decorators import public, signed_in


@signed_in
def inside(request):
    """Say who is here."""
    return HttpResponse(request.user.get_username())


@public
def sign_up(request):
    """Make a user, as a view does."""
    User.objects.create_user("new", password=request.GET["password"])
    return HttpResponse()


urlpatterns = [
    path("", inside, name="inside"),
    path("sign-up/", sign_up, name="sign-up"),
    path("admin/", admin.site.urls),
    path("accounts/", include("jtsec.urls")),
]
