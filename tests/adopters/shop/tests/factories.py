"""What the tests of the shop are made of."""

from itertools import count

from shop.models import Article, Clerk

PASSWORD = "secret"
_number = count(1)


def clerk(**fields):
    """Make a clerk."""
    fields.setdefault("email", f"clerk{next(_number)}@shop.example")
    return Clerk.objects.create_user(
        password=fields.pop("password", PASSWORD), **fields
    )


def clerks(number):
    """Make several clerks at once."""
    made = [Clerk(email=f"clerk{next(_number)}@shop.example") for _ in range(number)]
    return Clerk.objects.bulk_create(made)


def article(**fields):
    """Make an article."""
    fields.setdefault("name", f"Article {next(_number)}")
    fields.setdefault("stock", 5)
    return Article.objects.create(**fields)
