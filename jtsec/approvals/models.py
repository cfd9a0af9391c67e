"""The tables of approvals: applications, what was done with them, who stands in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.core.guarding import GuardedModel
from jtsec.core.identifiers import new_id
from jtsec.fields import EncryptedCharField
from jtsec.fields.models import SealedRow

from .kinds import CODE_LENGTH

GUARD = "approvals"
CONTENT_LENGTH = 200_000
NOTE_LENGTH = 1000
SUBJECT_LENGTH = 200
RESOURCE_LENGTH = 255


class State(models.TextChoices):
    """Where an application stands."""

    PENDING = "pending", _("Waiting for approval")
    APPROVED = "approved", _("Approved, waiting to be carried out")
    EXECUTED = "executed", _("Carried out")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", pgettext_lazy("jtsec approval", "Expired")


OPEN = (State.PENDING, State.APPROVED)


class StepKind(models.TextChoices):
    """What was done with an application."""

    SUBMITTED = "submitted", _("Submitted")
    AMENDED = "amended", _("Amended")
    APPROVED = "approved", pgettext_lazy("jtsec approval", "Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXECUTED = "executed", _("Carried out")
    EXPIRED = "expired", pgettext_lazy("jtsec approval", "Expired")


MAKING = (StepKind.SUBMITTED, StepKind.AMENDED)


class ApprovalRequest(GuardedModel, SealedRow):
    """
    An application, as it stands (clauses A4.4, P45).

    Every column is under the seal, and so are the number of its steps and the last of
    them, which names the one before: a step that SQL takes away, adds or changes is
    found when the next one is taken.

    Args:
        makers: UIDs of everybody who submitted or amended it.
        round: counts amendments; what was approved in an earlier one is void.
        step: how many approvals of this round it has.
        revision: counts every change; a page names the one it showed.
        content: payload, before, after and reason as JSON.
    """

    GUARD = GUARD
    SEALED = (
        *("id", "kind", "resource", "subject", "version", "content"),
        *("makers", "maker_uid", "maker_username", "maker_name"),
        *("revision", "round", "step", "state"),
        *("submitted_at", "deadline", "closed_at"),
        *("steps_taken", "last_step"),
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=CODE_LENGTH)
    resource = models.CharField(_("resource"), max_length=RESOURCE_LENGTH)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    version = models.CharField(max_length=128, blank=True)
    content = EncryptedCharField(max_length=CONTENT_LENGTH)
    makers = models.JSONField(default=list)
    maker_uid = models.CharField(max_length=36)
    maker_username = models.CharField(max_length=254)
    maker_name = models.CharField(_("applicant"), max_length=150, blank=True)
    revision = models.PositiveIntegerField(default=1)
    round = models.PositiveSmallIntegerField(default=1)
    step = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.PENDING
    )
    submitted_at = models.DateTimeField(_("submitted at"))
    deadline = models.DateTimeField(_("to be decided before"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    steps_taken = models.PositiveIntegerField(default=0)
    last_step = models.CharField(max_length=36, blank=True)

    class Meta(GuardedModel.Meta):
        abstract = False
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-submitted_at", "-id")
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["state", "kind", "submitted_at"], name="jtsec_approval_state"
            ),
            models.Index(
                fields=["maker_uid", "submitted_at"], name="jtsec_approval_mine"
            ),
            models.Index(fields=["resource", "state"], name="jtsec_approval_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.resource}"

    @property
    def reference(self) -> str:
        """Return how the audit names this application."""
        return f"jtsec.approvalrequest:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Answer whether something is still to be decided or done."""
        return self.state in OPEN


class ApprovalStep(GuardedModel, SealedRow):
    """
    One thing that somebody did with an application; never changed, never removed.

    Args:
        for_uid: in whose place it was done, "" in one's own.
        former: the id of the step before, which ties them together.
    """

    GUARD = GUARD
    SEALED = (
        *("id", "request_id", "number", "kind", "round", "step", "revision", "at"),
        *("actor_uid", "actor_username", "actor_name", "actor_duty"),
        *("for_uid", "for_name", "note", "former"),
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(
        ApprovalRequest,
        on_delete=models.PROTECT,
        related_name="steps",
        verbose_name=_("application"),
    )
    number = models.PositiveIntegerField()
    kind = models.CharField(_("step"), max_length=12, choices=StepKind)
    round = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField()
    at = models.DateTimeField(_("time"))
    actor_uid = models.CharField(max_length=36, blank=True, db_index=True)
    actor_username = models.CharField(max_length=254, blank=True)
    actor_name = models.CharField(_("by whom"), max_length=150, blank=True)
    actor_duty = models.CharField(max_length=16, blank=True)
    for_uid = models.CharField(max_length=36, blank=True)
    for_name = models.CharField(_("in place of"), max_length=150, blank=True)
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True)
    former = models.CharField(max_length=36, blank=True)

    class Meta(GuardedModel.Meta):
        abstract = False
        verbose_name = _("step of an application")
        verbose_name_plural = _("steps of applications")
        ordering = ("request_id", "number")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=("request", "number"), name="jtsec_approvalstep_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} of {self.request_id}"


class Delegation(GuardedModel, SealedRow):
    """Somebody who approves in another's place for a time, with the other's rights."""

    GUARD = GUARD
    SEALED = (
        *("id", "giver_uid", "giver_name", "receiver_uid", "receiver_name", "kinds"),
        *("made_at", "valid_until", "reason", "ended_at", "ended_by", "ended_why"),
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    giver_uid = models.CharField(max_length=36, db_index=True)
    giver_name = models.CharField(_("in place of"), max_length=150)
    receiver_uid = models.CharField(max_length=36, db_index=True)
    receiver_name = models.CharField(_("stands in"), max_length=150)
    kinds = models.JSONField(_("kinds"), default=list)
    made_at = models.DateTimeField(_("made at"))
    valid_until = models.DateTimeField(_("valid until"))
    reason = models.CharField(_("reason"), max_length=200)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.CharField(max_length=36, blank=True)
    ended_why = models.CharField(_("why ended"), max_length=200, blank=True)

    class Meta(GuardedModel.Meta):
        abstract = False
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ("-made_at", "-id")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.receiver_name} for {self.giver_name}"
