"""The addresses of the shop."""

from django.urls import path

from . import views

urlpatterns = [
    path("log-in/", views.log_in, name="log-in"),
    path("log-out/", views.log_out, name="log-out"),
    path("", views.counter, name="counter"),
    path("articles/", views.Articles.as_view(), name="articles"),
    path("articles/<int:pk>/order/", views.order, name="order"),
    path("orders/", views.my_orders, name="my-orders"),
    path("password/", views.password, name="password"),
    path("report/", views.report, name="report"),
]
