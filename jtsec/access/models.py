"""The tables of access: roles, who holds them, who may pass on, from which terminal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.core.guarding import GuardedModel
from jtsec.core.identifiers import new_id
from jtsec.fields.models import SealedRow
from jtsec.identity.models import Duty, Identity, Organization

GUARD = "access"


class PolicyState(GuardedModel):
    """
    The one row that writers of the policy take in turn, and readers watch.

    `token` is random and new with every change: a number that was counted up and
    rolled back would come again with other contents, and a process that had seen the
    first would believe itself up to date.
    """

    GUARD = GUARD

    name = models.CharField(max_length=16, primary_key=True)
    token = models.CharField(max_length=32)

    class Meta(GuardedModel.Meta):
        abstract = False
        verbose_name = _("state of the access policy")
        verbose_name_plural = _("state of the access policy")

    def __str__(self) -> str:
        return f"{self.name} {self.token[:8]}"


class AccessRow(GuardedModel, SealedRow):
    """
    Is the base of the rows that say who may do what.

    The key is made here and not by the database, so that it is under the seal from
    the first moment. Nothing is deleted: what ended keeps when, by whom and why.
    """

    GUARD = GUARD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.CharField(_("made by"), max_length=36, blank=True)
    made_why = models.CharField(_("reason"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.CharField(_("ended by"), max_length=36, blank=True)
    ended_why = models.CharField(_("why ended"), max_length=200, blank=True)

    class Meta(GuardedModel.Meta):
        abstract = True


MADE = ("id", "made_at", "made_by", "made_why", "ended_at", "ended_by", "ended_why")


class Role(AccessRow):
    """
    Rights that belong together, of one duty, with those of the roles it builds on.

    `rights` and `parents` are lists on the row itself, so that one seal covers all
    that a role gives. `restrictions` holds where and when its holders may log in
    (clause A3.2.8).
    """

    SEALED = (
        *MADE,
        *("code", "name", "duty", "rights", "parents"),
        *("valid_from", "valid_until", "restrictions"),
    )

    code = models.SlugField(_("role code"), max_length=64, unique=True)
    name = models.CharField(_("role"), max_length=100)
    duty = models.CharField(_("duty"), max_length=16, choices=Duty)
    rights = models.JSONField(_("rights"), default=list)
    parents = models.JSONField(_("builds on"), default=list, blank=True)
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    restrictions = models.JSONField(_("login restrictions"), default=dict, blank=True)

    class Meta(AccessRow.Meta):
        abstract = False
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Assignment(AccessRow):
    """
    A role that somebody holds, for an organisation, for a time (clause A4.6).

    Args:
        organisation: whose data it reaches; with `with_below` also those under it.
    """

    SEALED = (
        *MADE,
        *("identity_id", "role_id", "organisation_id", "with_below"),
        *("valid_from", "valid_until"),
    )

    identity = models.ForeignKey(
        Identity,
        on_delete=models.CASCADE,
        related_name="assignments",
        verbose_name=_("identity"),
    )
    role = models.ForeignKey(
        Role,
        on_delete=models.PROTECT,
        related_name="assignments",
        verbose_name=_("role"),
    )
    organisation = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
    )
    with_below = models.BooleanField(_("with those below"), default=True)
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)

    class Meta(AccessRow.Meta):
        abstract = False
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return f"role {self.role_id} of identity {self.identity_id}"


class Propagation(AccessRow):
    """
    The right to pass a right on, which is no right to use it (clause A4.8).

    Args:
        depth: how many further hands it may go through; 0: may be given for use only.
        chain: UIDs from whom it came, the first granter first, up to the holder.
    """

    SEALED = (
        *MADE,
        *("identity_id", "right", "organisation_id", "depth"),
        *("valid_until", "source_id", "chain"),
    )

    identity = models.ForeignKey(
        Identity,
        on_delete=models.CASCADE,
        related_name="propagations",
        verbose_name=_("holder"),
    )
    right = models.CharField(_("right"), max_length=150)
    organisation = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
    )
    depth = models.PositiveSmallIntegerField(_("depth"), default=0)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    source = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="passed_on",
        verbose_name=_("passed on from"),
    )
    chain = models.JSONField(_("hands"), default=list)

    class Meta(AccessRow.Meta):
        abstract = False
        verbose_name = pgettext_lazy("jtsec", "right to pass on")
        verbose_name_plural = pgettext_lazy("jtsec", "rights to pass on")

    def __str__(self) -> str:
        return f"{self.right} to be passed on by identity {self.identity_id}"


class RightGrant(AccessRow):
    """One right for use that somebody received by propagation."""

    SEALED = (
        *MADE,
        *("identity_id", "right", "organisation_id", "with_below"),
        *("valid_until", "source_id"),
    )

    identity = models.ForeignKey(
        Identity,
        on_delete=models.CASCADE,
        related_name="right_grants",
        verbose_name=_("identity"),
    )
    right = models.CharField(_("right"), max_length=150)
    organisation = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
    )
    with_below = models.BooleanField(_("with those below"), default=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    source = models.ForeignKey(
        Propagation,
        on_delete=models.PROTECT,
        related_name="grants",
        verbose_name=_("passed on from"),
    )

    class Meta(AccessRow.Meta):
        abstract = False
        verbose_name = _("right received")
        verbose_name_plural = _("rights received")

    def __str__(self) -> str:
        return f"{self.right} of identity {self.identity_id}"


class TerminalBinding(AccessRow):
    """
    A terminal from which somebody may use critical functions (clause A4.11).

    What is given must all fit: networks, a terminal id or MAC, a certificate. An empty
    `right` is every critical function of the person.
    """

    SEALED = (
        *MADE,
        *("identity_id", "right", "networks", "terminal", "certificate", "valid_until"),
    )

    identity = models.ForeignKey(
        Identity,
        on_delete=models.CASCADE,
        related_name="terminal_bindings",
        verbose_name=_("identity"),
    )
    right = models.CharField(_("right"), max_length=150, blank=True)
    networks = models.JSONField(_("networks"), default=list, blank=True)
    terminal = models.CharField(_("terminal id or MAC"), max_length=64, blank=True)
    certificate = models.CharField(
        _("certificate fingerprint"), max_length=64, blank=True
    )
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)

    class Meta(AccessRow.Meta):
        abstract = False
        verbose_name = _("terminal binding")
        verbose_name_plural = _("terminal bindings")

    def __str__(self) -> str:
        return f"terminal of identity {self.identity_id}"


class AccessProfile(AccessRow):
    """
    What else holds for one person: clearance, posts, and whether only for setting up.

    One row a person, so that two posts that exclude each other meet in one list and
    under one seal (clause P15.1).

    Args:
        clearance: the highest sensitivity the person may see (clause A4.14).
        posts: codes of the posts held.
        is_initial: the administrator made at installation, who may set up and nothing
            else (clauses A4.5, P38).
    """

    SEALED = (*MADE, "identity_id", "clearance", "posts", "is_initial")

    identity = models.OneToOneField(
        Identity,
        on_delete=models.CASCADE,
        related_name="access_profile",
        verbose_name=_("identity"),
    )
    clearance = models.PositiveSmallIntegerField(_("clearance"), default=0)
    posts = models.JSONField(_("posts"), default=list, blank=True)
    is_initial = models.BooleanField(_("for setting up only"), default=False)

    class Meta(AccessRow.Meta):
        abstract = False
        verbose_name = _("access profile")
        verbose_name_plural = _("access profiles")

    def __str__(self) -> str:
        return f"access profile of identity {self.identity_id}"
