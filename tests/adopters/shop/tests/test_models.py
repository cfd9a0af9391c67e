"""The tables of the shop."""

from shop.models import Article, Clerk, Order, OutOfStock, take_order

from django.db import IntegrityError, transaction
from django.test import TestCase

from . import factories


class ClerkTests(TestCase):
    """Clerks."""

    def test_a_clerk_has_a_password(self):
        """The password is checked, and is not stored."""
        clerk = factories.clerk(password="open sesame")
        self.assertTrue(clerk.check_password("open sesame"))
        self.assertFalse(clerk.check_password("open says me"))
        self.assertNotIn("sesame", clerk.password)

    def test_a_password_can_be_set(self):
        """A new password takes the place of the old one."""
        clerk = factories.clerk()
        clerk.set_password("new one")
        clerk.save()
        again = Clerk.objects.get(pk=clerk.pk)
        self.assertTrue(again.check_password("new one"))
        self.assertFalse(again.check_password(factories.PASSWORD))

    def test_the_domain_of_an_address_is_lowered(self):
        """One person does not get two accounts by the domain's capitals."""
        self.assertEqual(
            factories.clerk(email="Ann@SHOP.example").email, "Ann@shop.example"
        )

    def test_two_clerks_cannot_share_an_address(self):
        """The address is the name."""
        factories.clerk(email="ann@shop.example")
        with self.assertRaises(IntegrityError), transaction.atomic():
            factories.clerk(email="ann@shop.example")

    def test_the_head_is_made_by_create_superuser(self):
        """The command that Django's tutorial names works."""
        self.assertTrue(Clerk.objects.create_superuser("b@shop.example", "x").is_head)

    def test_a_clerk_can_come_back(self):
        """A deleted clerk's address is free."""
        factories.clerk(email="ann@shop.example").delete()
        factories.clerk(email="ann@shop.example")
        self.assertEqual(Clerk.objects.count(), 1)

    def test_clerks_are_made_in_bulk(self):
        """Many at once."""
        factories.clerks(12)
        self.assertEqual(Clerk.objects.count(), 12)


class OrderTests(TestCase):
    """Orders."""

    @classmethod
    def setUpTestData(cls):
        """Make one clerk and one article for all of them."""
        cls.clerk = factories.clerk()
        cls.article = factories.article(stock=3)

    def test_an_order_lowers_the_stock(self):
        """What is sold is gone."""
        take_order(self.clerk, self.article, 2)
        self.article.refresh_from_db()
        self.assertEqual(self.article.stock, 1)

    def test_no_more_is_sold_than_there_is(self):
        """A refused order leaves nothing behind."""
        with self.assertRaises(OutOfStock):
            take_order(self.clerk, self.article, 4)
        self.assertEqual(Order.objects.count(), 0)

    def test_each_test_begins_with_the_same_stock(self):
        """The tests do not see one another."""
        self.assertEqual(Article.objects.get().stock, 3)
