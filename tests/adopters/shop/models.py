"""A shop with clerks of its own kind, goods and orders."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction


class ClerkManager(BaseUserManager):
    """Makes clerks."""

    def create_user(self, email, password=None, **fields):
        """Make a clerk with a password."""
        clerk = self.model(email=self.normalize_email(email), **fields)
        clerk.set_password(password)
        clerk.save(using=self._db)
        return clerk

    def create_superuser(self, email, password=None, **fields):
        """Make the head of the shop; there is nothing above a clerk."""
        return self.create_user(email, password, is_head=True, **fields)


class Clerk(AbstractBaseUser):
    """Who works here: known by e-mail address, without superusers and groups."""

    email = models.EmailField(unique=True)
    nickname = models.CharField(max_length=50, blank=True)
    is_head = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    objects = ClerkManager()

    USERNAME_FIELD = "email"

    def __str__(self):
        return self.email


class Article(models.Model):
    """Something for sale."""

    name = models.CharField(max_length=100, unique=True)
    stock = models.PositiveIntegerField(default=0)


class Order(models.Model):
    """Some pieces of an article, taken by a clerk."""

    clerk = models.ForeignKey(Clerk, on_delete=models.CASCADE)
    article = models.ForeignKey(Article, on_delete=models.PROTECT)
    pieces = models.PositiveIntegerField()


class OutOfStock(Exception):
    """There are fewer pieces than were asked for."""


def take_order(clerk, article, pieces):
    """Take an order, or leave everything as it was."""
    with transaction.atomic():
        order = Order.objects.create(clerk=clerk, article=article, pieces=pieces)
        fresh = Article.objects.select_for_update().get(pk=article.pk)
        if fresh.stock < pieces:
            raise OutOfStock
        fresh.stock -= pieces
        fresh.save()
    return order
