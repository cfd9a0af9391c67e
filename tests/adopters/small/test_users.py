"""What a test run of jtsec gives to tests that know little of it."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client, TestCase, TransactionTestCase, override_settings

from jtsec.audit.models import AuditRecord
from jtsec.identity.api import identity_of
from jtsec.testing.people import strangers

WEAK = "secret"


class Users(TestCase):
    fixtures = ["user.json"]

    def enters(self, user):
        client = Client()
        client.force_login(user)
        return client.get("/").status_code == 200

    def test_every_way_to_make_a_user_makes_a_person(self):
        bulk = User.objects.bulk_create([User(username="a"), User(username="b")])
        for user in (
            User.objects.create_user("c"),
            User.objects.create_superuser("d"),
            User.objects.create(username="e"),
            User.objects.get(username="fixed"),
            *bulk,
        ):
            self.assertEqual(identity_of(user).duty, "business")
            self.assertTrue(self.enters(user))

    def test_the_same_name_is_the_same_person(self):
        one = identity_of(User.objects.create_user("ann"))
        User.objects.get(username="ann").delete()
        other = identity_of(User.objects.create_user("ann"))
        self.assertEqual((one.uid, one.resident_id), (other.uid, other.resident_id))

    def test_many_users_are_many_people(self):
        made = [User.objects.create_user(f"user{n}") for n in range(60)]
        self.assertEqual(len({identity_of(one).resident_id for one in made}), 60)

    def test_a_user_with_a_weak_password_logs_in(self):
        User.objects.create_user("ann", password=WEAK)
        for _ in range(2):
            self.assertTrue(self.client.login(username="ann", password=WEAK))
            self.assertEqual(self.client.get("/").status_code, 200)

    def test_a_weak_password_can_be_set(self):
        user = User.objects.create_user("ann")
        user.set_password(WEAK)
        user.save()
        self.assertTrue(user.password.startswith("jtsec_argon2$"))
        self.assertTrue(self.client.login(username="ann", password=WEAK))
        self.assertEqual(self.client.get("/").status_code, 200)

    @override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]
    )
    def test_a_test_may_name_a_cheap_hasher(self):
        user = User.objects.create_user("ann", password=WEAK)
        self.assertTrue(user.password.startswith("md5$"))
        self.assertTrue(self.client.login(username="ann", password=WEAK))
        user.set_password("other")
        user.save()
        self.assertTrue(self.client.login(username="ann", password="other"))

    def test_an_old_hash_stays_verifiable(self):
        stored = make_password(WEAK, hasher="pbkdf2_sha256")
        User.objects.create(username="ann", password=stored)
        self.assertTrue(self.client.login(username="ann", password=WEAK))

    def test_many_places_at_once(self):
        user = User.objects.create_user("ann")
        clients = [Client() for _ in range(8)]
        for client in clients:
            client.force_login(user)
        self.assertTrue(all(one.get("/").status_code == 200 for one in clients))

    @override_settings(JTSEC_SESSIONS_PER_USER=1)
    def test_a_full_house_can_be_tested(self):
        user = User.objects.create_user("ann")
        first, second = Client(), Client()
        first.force_login(user)
        second.force_login(user)
        self.assertEqual(first.get("/").status_code, 302)
        self.assertEqual(second.get("/").status_code, 200)

    def test_the_admin_is_open_to_a_superuser_with_a_warning(self):
        from jtsec.testing.reliefs import SuperuserAllowed

        self.client.force_login(User.objects.create_superuser("root"))
        with self.assertWarns(SuperuserAllowed):
            self.assertEqual(self.client.get("/admin/").status_code, 200)

    def test_who_is_made_by_a_view_is_nobody(self):
        self.client.get("/sign-up/?password=Long-Enough-2468!")
        self.assertFalse(
            self.client.login(username="new", password="Long-Enough-2468!")
        )
        self.assertTrue(self.enters(User.objects.get(username="new")))

    def test_a_stranger_can_be_tested(self):
        with strangers():
            user = User.objects.create_user("ann", password=WEAK)
        self.assertIsNone(identity_of(user))
        self.assertFalse(self.client.login(username="ann", password=WEAK))

    def test_checks_judge_what_is_served(self):
        self.assertEqual([one for one in run_checks() if one.level >= 40], [])


class LockoutA(TestCase):
    def test_a_locked_user(self):
        User.objects.create_user("ann", password=WEAK)
        for _ in range(6):
            self.assertFalse(self.client.login(username="ann", password="wrong"))
        self.assertFalse(self.client.login(username="ann", password=WEAK))


class LockoutB(TestCase):
    def test_is_free_in_the_next_test(self):
        User.objects.create_user("ann", password=WEAK)
        self.assertTrue(self.client.login(username="ann", password=WEAK))


class Transactions(TransactionTestCase):
    def test_one(self):
        self.client.force_login(User.objects.create_user("ann"))
        self.assertTrue(AuditRecord.objects.exists())

    test_two = test_one

    def test_flush(self):
        User.objects.create_user("ann")
        call_command("flush", interactive=False)
        self.assertFalse(AuditRecord.objects.exists())
