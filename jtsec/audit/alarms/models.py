"""The tables of the alarms: what is open, every step taken, and what has to be sent."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.audit.append_only import AppendOnlyQuerySet
from jtsec.audit.exceptions import AppendOnly
from jtsec.core.clock import now

FINGERPRINT_LENGTH = 64


class Level(models.IntegerChoices):
    """How urgent an alarm is; the numbers are those of the events' severity."""

    NOTICE = 20, _("Notice")
    WARNING = 30, _("Minor")
    ALARM = 40, _("Major")
    URGENT = 50, _("Urgent")


class State(models.TextChoices):
    """Where an alarm stands."""

    OPEN = "open", _("Not handled")
    IN_HAND = "in-hand", _("Being handled")
    HANDLED = "handled", _("Handled")
    FALSE_ALARM = "false-alarm", _("False alarm")


class StepKind(models.TextChoices):
    """What was done with an alarm."""

    RAISED = "raised", _("Raised")
    RISEN = "risen", _("Became more urgent")
    CLAIMED = "claimed", _("Claimed")
    ASSIGNED = "assigned", _("Assigned")
    NOTED = "noted", _("Note")
    HANDED_OVER = "handed-over", _("Handed to the security administrator")
    INCIDENT = "incident", _("Incident record written")
    ESCALATED = "escalated", _("Overdue, raised a level")
    CLOSED = "closed", pgettext_lazy("jtsec alarm", "Closed")
    RECURRED = "recurred", _("Came again as a new alarm")


class Alarm(models.Model):
    """
    Something somebody must look at (clauses A5.5 to A5.7).

    One row for what comes again and again: while it is open it counts. `fingerprint`
    stands for rule and key as long as it is open and is empty afterwards; unique, so
    that two processes cannot open two. A closed alarm is never opened again; what
    comes again is a new row that names the earlier one.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.UUIDField(_("alarm number"), unique=True, editable=False)
    rule = models.CharField(_("rule"), max_length=100)
    key = models.CharField(_("object of the rule"), max_length=255)
    fingerprint = models.CharField(
        max_length=FINGERPRINT_LENGTH, unique=True, null=True, editable=False
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    subject = models.CharField(_("user concerned"), max_length=254, blank=True)
    resource = models.CharField(_("resource"), max_length=255, blank=True)
    source = models.CharField(_("source address"), max_length=45, blank=True)
    params = models.JSONField(_("figures"), default=dict)
    concerned = models.JSONField(_("persons concerned"), default=list)
    events = models.JSONField(_("newest events"), default=list)
    first_at = models.DateTimeField(_("first time"))
    last_at = models.DateTimeField(_("last time"))
    occurrences = models.PositiveBigIntegerField(_("occurrences"), default=1)
    raised_at = models.DateTimeField(_("raised"))
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.OPEN
    )
    due_at = models.DateTimeField(_("to be handled before"))
    answered_at = models.DateTimeField(_("first handled"), null=True)
    escalated_at = models.DateTimeField(_("overdue since"), null=True)
    is_handed_over = models.BooleanField(_("handed over"), default=False)
    assignee_uid = models.CharField(max_length=36, blank=True)
    assignee_name = models.CharField(_("handled by"), max_length=150, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    earlier = models.ForeignKey(
        "self",
        verbose_name=_("earlier alarm"),
        null=True,
        on_delete=models.PROTECT,
        related_name="later",
    )

    objects: ClassVar[models.Manager[Alarm]] = models.Manager()

    class Meta:
        """Indexes end with the id, so that a page can begin behind the last one."""

        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ("-last_at", "-id")
        default_permissions = ("view",)
        permissions = (
            ("handle_handed_alarm", _("Can handle alarms that were handed over")),
        )
        indexes = [
            models.Index(fields=["last_at", "id"], name="jtsec_alarm_last"),
            models.Index(fields=["state", "last_at"], name="jtsec_alarm_state"),
            models.Index(fields=["rule", "key"], name="jtsec_alarm_matter"),
            models.Index(fields=["state", "due_at"], name="jtsec_alarm_due"),
        ]

    def __str__(self) -> str:
        return f"{self.first_at:%Y-%m-%d %H:%M:%S} {self.rule}"

    @property
    def reference(self) -> str:
        """What events call it."""
        return f"jtsec.alarm:{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it still counts what comes again."""
        return self.state in (State.OPEN, State.IN_HAND)

    @property
    def is_overdue(self) -> bool:
        """Whether nobody took it in time (clause P61); once missed, it stays so."""
        is_waiting = self.state == State.OPEN and self.answered_at is None
        return self.escalated_at is not None or (is_waiting and self.due_at < now())

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("DELETE")


class AlarmStep(models.Model):
    """
    One thing that was done with an alarm, by whom, and what they say (clause P61).

    The states before and after stand in it, so the whole way can be told from the
    steps alone. Text, no foreign key to a person: it outlives them.
    """

    id = models.BigAutoField(primary_key=True)
    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField(_("time"))
    kind = models.CharField(_("step"), max_length=16, choices=StepKind.choices)
    before = models.CharField(_("state before"), max_length=12, blank=True)
    after = models.CharField(_("state after"), max_length=12)
    actor_uid = models.CharField(_("user UID"), max_length=36, blank=True)
    actor_username = models.CharField(_("user name"), max_length=254, blank=True)
    actor_name = models.CharField(
        pgettext_lazy("jtsec", "name"), max_length=150, blank=True
    )
    actor_duty = models.CharField(_("duty"), max_length=16, blank=True)
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(pgettext_lazy("jtsec", "content"), default=dict)

    objects: ClassVar[models.Manager[AlarmStep]] = AppendOnlyQuerySet.as_manager()

    class Meta:
        """In the order in which they were taken."""

        verbose_name = _("step of an alarm")
        verbose_name_plural = _("steps of alarms")
        ordering = ("id",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; refuse to change one."""
        if not self._state.adding or self.pk is not None:
            raise AppendOnly("UPDATE")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("DELETE")


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting", pgettext_lazy("jtsec delivery", "Waiting")
    SENT = "sent", pgettext_lazy("jtsec delivery", "Sent")
    GIVEN_UP = "given-up", pgettext_lazy("jtsec delivery", "Given up")


class AlarmDelivery(models.Model):
    """
    One message to one receiver, written in the transaction that raises the alarm.

    `number` goes with it, the same at every try, so that a receiver who gets it twice
    can tell. `message` is made once: what is sent again is what was to be sent.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.UUIDField(_("delivery number"), unique=True, editable=False)
    alarm = models.ForeignKey(
        Alarm, on_delete=models.PROTECT, related_name="deliveries"
    )
    channel = models.CharField(_("channel"), max_length=16)
    target = models.CharField(_("receiver"), max_length=255)
    why = models.CharField(_("occasion"), max_length=16, choices=StepKind.choices)
    message = models.JSONField(_("message"))
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=DeliveryState.choices,
        default=DeliveryState.WAITING,
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("written"))
    next_at = models.DateTimeField(_("next attempt"))
    claim = models.CharField(max_length=32, blank=True)
    sent_at = models.DateTimeField(pgettext_lazy("jtsec delivery", "sent"), null=True)
    fault = models.CharField(_("last failure"), max_length=255, blank=True)

    objects: ClassVar[models.Manager[AlarmDelivery]] = models.Manager()

    class Meta:
        """What is due is found by state and time."""

        verbose_name = _("delivery of an alarm")
        verbose_name_plural = _("deliveries of alarms")
        ordering = ("id",)
        default_permissions = ()
        indexes = [
            models.Index(fields=["state", "next_at"], name="jtsec_delivery_due"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.target} {self.state}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("DELETE")
