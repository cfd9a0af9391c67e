"""The shop's own login page."""

from django.contrib.auth import SESSION_KEY
from django.test import Client, TestCase

from . import factories


class LoginTests(TestCase):
    """Who comes in, and who does not."""

    def setUp(self):
        """Make a clerk."""
        self.clerk = factories.clerk(email="ann@shop.example")

    def enter(self, email="ann@shop.example", password=factories.PASSWORD, **kwargs):
        """Send the form."""
        return self.client.post(
            "/log-in/", {"email": email, "password": password}, **kwargs
        )

    def test_the_page_is_there(self):
        """A visitor can open it."""
        self.assertContains(self.client.get("/log-in/"), "<form>")

    def test_the_right_password_lets_in(self):
        """The clerk is logged in and led to the counter."""
        self.assertRedirects(self.enter(), "/")
        self.assertEqual(self.client.session[SESSION_KEY], str(self.clerk.pk))

    def test_a_wrong_password_does_not(self):
        """The page says so, and nobody is logged in."""
        self.assertEqual(self.enter(password="wrong").status_code, 401)
        self.assertNotIn(SESSION_KEY, self.client.session)

    def test_nobody_is_found_under_another_name(self):
        """A stranger reads the same."""
        self.assertEqual(self.enter(email="bob@shop.example").status_code, 401)

    def test_an_inactive_clerk_stays_outside(self):
        """A clerk who left is not let in."""
        self.clerk.is_active = False
        self.clerk.save()
        self.assertEqual(self.enter().status_code, 401)

    def test_a_clerk_can_log_out(self):
        """After that the counter is closed."""
        self.enter()
        self.client.get("/log-out/")
        self.assertRedirects(
            self.client.get("/"), "/log-in/?next=/", fetch_redirect_response=False
        )

    def test_a_clerk_logs_in_again_and_again(self):
        """Three times in a row, the last one counts."""
        for _ in range(3):
            self.assertRedirects(self.enter(), "/")
        self.assertEqual(self.client.get("/").status_code, 200)

    def test_a_clerk_works_at_two_places(self):
        """Two browsers, both stay."""
        others = Client()
        others.force_login(self.clerk)
        self.enter()
        self.assertEqual(others.get("/").status_code, 200)
        self.assertEqual(self.client.get("/").status_code, 200)

    def test_the_client_of_django_logs_in(self):
        """The short way of tests."""
        self.assertTrue(
            self.client.login(email="ann@shop.example", password=factories.PASSWORD)
        )
        self.assertEqual(self.client.get("/").status_code, 200)
