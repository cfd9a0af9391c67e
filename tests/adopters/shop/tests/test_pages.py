"""The pages of the shop."""

from shop.models import Order

from django.test import TestCase, TransactionTestCase
from django.urls import reverse

from . import factories


class PageTests(TestCase):
    """What a clerk sees."""

    def setUp(self):
        """Log a clerk in."""
        self.clerk = factories.clerk(email="ann@shop.example")
        self.client.force_login(self.clerk)

    def test_the_counter_greets_and_counts(self):
        """The session remembers the visits."""
        self.assertContains(self.client.get("/"), "ann@shop.example, visit 1")
        self.assertContains(self.client.get("/"), "visit 2")

    def test_the_counter_is_closed_to_visitors(self):
        """A visitor is led to the login page."""
        self.client.logout()
        self.assertRedirects(self.client.get("/"), "/log-in/?next=/")

    def test_articles_are_listed(self):
        """By name."""
        factories.article(name="Pear")
        factories.article(name="Apple")
        answer = self.client.get(reverse("articles"))
        self.assertEqual(answer.json(), {"articles": ["Apple", "Pear"]})

    def test_an_order_is_taken(self):
        """And shows among the clerk's orders."""
        article = factories.article(name="Pear")
        answer = self.client.post(reverse("order", args=[article.pk]), {"pieces": 2})
        self.assertRedirects(answer, "/orders/")
        self.assertContains(self.client.get("/orders/"), "2 x Pear")

    def test_an_order_by_get_is_refused(self):
        """Nothing is sold by following a link."""
        article = factories.article()
        self.assertEqual(
            self.client.get(f"/articles/{article.pk}/order/").status_code, 405
        )

    def test_an_unknown_article_is_not_found(self):
        """A number nobody gave out."""
        self.assertEqual(self.client.post("/articles/0/order/").status_code, 404)

    def test_a_password_is_changed_and_the_session_stays(self):
        """With Django's own form."""
        words = {"new_password1": "Quince&Pear-77", "new_password2": "Quince&Pear-77"}
        answer = self.client.post("/password/", {"old_password": "secret", **words})
        self.assertRedirects(answer, "/")
        self.clerk.refresh_from_db()
        self.assertTrue(self.clerk.check_password("Quince&Pear-77"))

    def test_the_report_is_for_the_head(self):
        """A clerk reads that it is not for clerks."""
        self.assertEqual(self.client.get("/report/").status_code, 403)
        self.client.force_login(factories.clerk(is_head=True))
        self.assertEqual(self.client.get("/report/").json(), {"orders": 0})


class StockTests(TransactionTestCase):
    """What real transactions leave behind."""

    def setUp(self):
        """Log one of several clerks in."""
        self.clerk = factories.clerks(3)[1]
        self.client.force_login(self.clerk)

    def test_a_refused_order_leaves_nothing(self):
        """Neither an order nor a smaller stock."""
        article = factories.article(stock=1)
        answer = self.client.post(f"/articles/{article.pk}/order/", {"pieces": 2})
        self.assertEqual(answer.status_code, 409)
        article.refresh_from_db()
        self.assertEqual((article.stock, Order.objects.count()), (1, 0))

    def test_two_orders_share_the_stock(self):
        """The second one gets what the first one left."""
        article = factories.article(stock=3)
        where = f"/articles/{article.pk}/order/"
        self.client.post(where, {"pieces": 2})
        self.assertEqual(self.client.post(where, {"pieces": 2}).status_code, 409)
        self.assertEqual(Order.objects.get().clerk, self.clerk)

    def test_the_tables_are_empty_again(self):
        """The tests do not see one another."""
        self.assertEqual(Order.objects.count(), 0)
