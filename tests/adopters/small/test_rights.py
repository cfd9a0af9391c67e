"""What a test may say of rights: Django's way, and by roles as in operation."""

from django.contrib.auth.models import Group, Permission, User
from django.test import TestCase

from jtsec.access.api import PolicyRefused, decide, function
from jtsec.testing.people import person
from jtsec.testing.rights import grant

VIEW, ADD = "auth.view_group", "auth.add_group"
POLICE = function("small.see_case", police_only=True)


def permission(right):
    """Return the row of a right."""
    label, codename = right.split(".")
    return Permission.objects.get(content_type__app_label=label, codename=codename)


class RightsTests(TestCase):
    """The same with Django's runner and with pytest."""

    def test_permissions_and_groups_of_django_count(self):
        """Existing tests are full of them."""
        ann = User.objects.create_user("ann")
        self.assertFalse(ann.has_perm(VIEW))
        ann.user_permissions.add(permission(VIEW))
        group = Group.objects.create(name="all")
        group.permissions.add(permission(ADD))
        ann.groups.add(group)
        ann = User.objects.get(pk=ann.pk)
        self.assertTrue(ann.has_perm(VIEW))
        self.assertTrue(ann.has_perm(ADD))
        self.assertEqual(ann.get_all_permissions(), {VIEW, ADD})

    def test_duty_and_police_hold_all_the_same(self):
        """They are not a matter of permissions."""
        auditor = person(duty="audit")
        auditor.user_permissions.add(permission(VIEW))
        self.assertEqual(decide(auditor, VIEW).reason, "wrong-duty")
        self.assertEqual(decide(person(), POLICE.right).reason, "police-only")
        officer = person(is_police=True, number="012345", rights=[POLICE.right])
        self.assertTrue(officer.has_perm(POLICE.right))

    def test_rights_are_given_as_in_operation(self):
        """By a role, with what every grant is held to."""
        clerk = person(rights=[VIEW])
        self.assertTrue(clerk.has_perm(VIEW))
        self.assertFalse(clerk.has_perm(ADD))
        grant(clerk, ADD)
        self.assertTrue(clerk.has_perm(ADD))
        with self.assertRaises(PolicyRefused) as refused:
            grant(clerk, POLICE.right)
        self.assertEqual(refused.exception.reason, "police-only")

    def test_what_another_test_gave_is_gone(self):
        """The policy is remembered no longer than the test."""
        clerk = person(username="same")
        self.assertFalse(clerk.has_perm(VIEW))
        grant(clerk, VIEW)
        self.assertTrue(clerk.has_perm(VIEW))

    def test_what_this_test_gave_is_gone_from_another(self):
        """Whichever comes first."""
        self.test_what_another_test_gave_is_gone()

    def test_superusers_have_what_they_have_in_a_test(self):
        """Clients of the admin log in as one."""
        root = User.objects.create_superuser("root", password="x")
        self.assertTrue(decide(root, VIEW))
