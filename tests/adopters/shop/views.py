"""The pages of the shop; some say who may see them, others were never asked."""

from django.contrib.auth import (
    authenticate,
    login,
    logout,
    update_session_auth_hash,
)
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from .models import Article, Order, OutOfStock, take_order


def log_in(request):
    """Log a clerk in; the shop's own page."""
    if request.method != "POST":
        return HttpResponse("<form>E-mail and password</form>")
    clerk = authenticate(
        request,
        username=request.POST.get("email", ""),
        password=request.POST.get("password", ""),
    )
    if clerk is None:
        return HttpResponse("Wrong e-mail or password.", status=401)
    login(request, clerk)
    return redirect(request.GET.get("next", "counter"))


def log_out(request):
    """Log a clerk out."""
    logout(request)
    return redirect("log-in")


@login_required
def counter(request):
    """Greet a clerk."""
    visits = request.session["visits"] = request.session.get("visits", 0) + 1
    return HttpResponse(f"Welcome {request.user.email}, visit {visits}.")


class Articles(ListView):
    """List the articles; nobody wrote down for whom."""

    model = Article
    ordering = ("name",)

    def render_to_response(self, context, **kwargs):
        """Answer in JSON."""
        return JsonResponse({"articles": [one.name for one in context["object_list"]]})


@require_POST
def order(request, pk):
    """Take an order of the clerk; nobody wrote down for whom."""
    article = get_object_or_404(Article, pk=pk)
    try:
        take_order(request.user, article, int(request.POST["pieces"]))
    except OutOfStock:
        return HttpResponse("Out of stock.", status=409)
    return redirect("my-orders")


@login_required
def my_orders(request):
    """List the orders of the clerk."""
    mine = Order.objects.filter(clerk=request.user).select_related("article")
    lines = [f"{one.pieces} x {one.article.name}" for one in mine.order_by("pk")]
    return HttpResponse("; ".join(lines))


@login_required
def password(request):
    """Change the clerk's password, with Django's form."""
    form = PasswordChangeForm(request.user, request.POST or None)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
        return redirect("counter")
    return HttpResponse(form.errors.as_text(), status=400)


def report(request):
    """Tell the head of the shop how much was sold."""
    if not (request.user.is_authenticated and request.user.is_head):
        return HttpResponse("For the head of the shop.", status=403)
    return JsonResponse({"orders": Order.objects.count()})
