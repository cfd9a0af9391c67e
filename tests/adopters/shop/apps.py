"""The app of the shop."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """The shop."""

    name = "shop"
    default_auto_field = "django.db.models.BigAutoField"
