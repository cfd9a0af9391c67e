"""
Follows the checkpoints, and holds every link of their chain.

Of each: its number follows on the last one; its bytes are a body in canonical form; the
columns beside it repeat it; it belongs to the same log; it names the hash of the one
before; its range begins where that one's ended; its time does not go back; the key is
the one in force, and the signature is that key's. A link that is not looked at is the
one that an attacker replaces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jtsec.audit.sealing.api import CheckpointBody, MalformedBody, parse_body
from jtsec.audit.sealing.body import NO_PREVIOUS, hash_of
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.crypto.exceptions import CryptoError

from .finding import Finding, Findings, Kind
from .trust import Trust

ANY: Final = ""
"""In place of a fingerprint: no checkpoint has told yet which key is in force."""


@dataclass(frozen=True)
class Link:
    """
    What the next checkpoint must follow on.

    Args:
        number: the checkpoint's number, 0 before the first.
        hash: over its body and signature.
        last: the highest id that it passed.
        at: when it was made.
        log: which log, "" before the first.
        signer: fingerprint of the key that must sign the next one, or `ANY`.
    """

    number: int = 0
    hash: bytes = NO_PREVIOUS
    last: int = 0
    at: str = ""
    log: str = ""
    signer: str = ANY


def link_before(using: str, number: int) -> Link:
    """Return the link before a checkpoint, as the database has it; see `link_of`."""
    if number <= 1:
        return Link()
    rows = AuditCheckpoint.objects.using(using).filter(number__lt=number)
    stored = rows.order_by("-number").first()
    return Link() if stored is None else link_of(stored)


def link_of(stored: AuditCheckpoint) -> Link:
    """
    Return the link that a stored checkpoint gives, without verifying anything.

    Where its bytes say nothing the columns take their place, as in `Chain.follow`.
    """
    content, signature = bytes(stored.body), bytes(stored.signature)
    try:
        body = parse_body(content)
    except MalformedBody:
        digest = hash_of(content, signature)
        return Link(number=stored.number, hash=digest, last=_claimed(stored))
    signer = body.public
    if body.next_key is not None:
        try:
            signer = Trust(()).believe(body.next_key.public_pem)
        except CryptoError:
            signer = ANY
    return Link(
        number=body.number,
        hash=hash_of(content, signature),
        last=body.last,
        at=body.at,
        log=body.log,
        signer=signer,
    )


class Chain:
    """
    Goes from checkpoint to checkpoint.

    Args:
        trust: the keys that are believed; those that are announced join them.
        findings: takes what is found.
        start: the link to begin behind.
    """

    def __init__(self, trust: Trust, findings: Findings, start: Link) -> None:
        self.link = start
        self.unproved_from: int | None = None
        """Since when no signature by a believed key has been seen; None: proved."""
        self.has_proof = False
        """Whether one has been seen at all."""
        self._trust = trust
        self._findings = findings
        self._is_sound = True

    def follow(self, stored: AuditCheckpoint) -> CheckpointBody | None:
        """
        Hold one checkpoint against the one before, and go on behind it.

        Args:
            stored: the next one that the database has.

        Returns:
            What it says, believed or not; None when its bytes say nothing.
        """
        before = self.link
        self._find_hole(before.number, stored.number)
        content, signature = bytes(stored.body), bytes(stored.signature)
        try:
            body = parse_body(content)
        except MalformedBody as error:
            self._altered(stored.number, str(error))
            self._go_on_behind_nothing(stored, content, signature)
            return None
        digest = hash_of(content, signature)
        has_followed = before.number == stored.number - 1
        was_sound, count = self._is_sound, len(self._findings)
        for what in _differences(stored, body, digest):
            self._altered(stored.number, what)
        if has_followed and was_sound:
            self._hold_links(before, body)
        is_proved = self._hold_signature(before, body, content, signature)
        self._is_sound = len(self._findings) == count
        self.link = Link(
            number=stored.number,
            hash=digest,
            last=max(body.last, before.last),
            at=max(body.at, before.at),
            log=before.log or body.log,
            signer=self._next_signer(before, body, is_proved and self._is_sound),
        )
        return body

    def _find_hole(self, before: int, number: int) -> None:
        if number == before + 1:
            return
        text = _("Checkpoints %(first)d to %(last)d are not in the database.")
        if number == before + 2:
            text = _("Checkpoint %(first)d is not in the database.")
        sentence = text % {"first": before + 1, "last": number - 1}
        self._findings.add(Finding(Kind.CHECKPOINT_MISSING, sentence, before + 1))

    def _go_on_behind_nothing(
        self, stored: AuditCheckpoint, content: bytes, signature: bytes
    ) -> None:
        """Take the place that the columns claim, so that what follows is looked at."""
        before, self._is_sound = self.link, False
        self.link = Link(
            number=stored.number,
            hash=hash_of(content, signature),
            last=max(_claimed(stored), before.last),
            at=before.at,
            log=before.log,
            signer=before.signer,
        )

    def _hold_links(self, before: Link, body: CheckpointBody) -> None:
        """Hold what ties a checkpoint to the one before."""
        number = body.number
        if body.previous != before.hash:  # no secret: both are public
            self._broken(number, _("it was made behind another checkpoint"))
        elif before.log and body.log != before.log:
            self._broken(number, _("it belongs to another log"))
        elif body.first != before.last + 1:
            self._broken(number, _("its range does not begin where the last one ended"))
        elif body.at < before.at:
            self._broken(number, _("it is older than the one before"))

    def _hold_signature(
        self, before: Link, body: CheckpointBody, content: bytes, signature: bytes
    ) -> bool:
        """Return whether a believed key has signed it."""
        number = body.number
        if before.signer not in (ANY, body.public):
            self._unsigned(number, _("it is signed by a key that nobody announced"))
            return False
        key = self._trust.get(body.public)
        if key is None:
            # A later one, signed by a believed key, may prove it through its hash.
            if self.unproved_from is None:
                self.unproved_from = number
            return False
        try:
            key.verify(content, signature)
        except CryptoError:
            self._unsigned(number, _("it is not what the key has signed"))
            return False
        self.unproved_from = None
        self.has_proof = True
        return True

    def _next_signer(self, before: Link, body: CheckpointBody, is_proved: bool) -> str:
        """Return who must sign the next one."""
        in_force = body.public if before.signer == ANY else before.signer
        if body.next_key is None:
            return in_force
        # Only a believed key can make another one believed; an attacker has keys too.
        trust = self._trust if is_proved else Trust(())
        try:
            return trust.believe(body.next_key.public_pem)
        except CryptoError:
            self._altered(body.number, _("the key that it announces is none"))
            return in_force

    def _altered(self, number: int, what: str) -> None:
        text = _("Checkpoint %(number)d was altered: %(what)s.")
        self._found(Kind.CHECKPOINT_ALTERED, number, text, what)

    def _broken(self, number: int, what: str) -> None:
        text = _("Checkpoint %(number)d does not follow on the one before: %(what)s.")
        self._found(Kind.CHAIN_BROKEN, number, text, what)

    def _unsigned(self, number: int, what: str) -> None:
        text = _("The signature of checkpoint %(number)d does not hold: %(what)s.")
        self._found(Kind.SIGNATURE_WRONG, number, text, what)

    def _found(self, kind: Kind, number: int, text: str, what: str) -> None:
        sentence = text % {"number": number, "what": what}
        self._findings.add(Finding(kind, sentence, number))


def _claimed(stored: AuditCheckpoint) -> int:
    """Return the id that the column claims; SQLite keeps there what is no number."""
    claimed: Any = stored.last_id
    return claimed if isinstance(claimed, int) else 0


def _differences(
    stored: AuditCheckpoint, body: CheckpointBody, digest: bytes
) -> Iterator[str]:
    """Yield the columns that are not what the body says."""
    at = timezone.make_aware(stored.at) if timezone.is_naive(stored.at) else stored.at
    expected = {
        "number": (stored.number, body.number),
        "first_id": (stored.first_id, body.first),
        "last_id": (stored.last_id, body.last),
        "count": (stored.count, body.count),
        "late_first": (stored.late_first, body.late[0] if body.late else None),
        "late_last": (stored.late_last, body.late[-1] if body.late else None),
        "at": (at, body.made_at),
        "root": (bytes(stored.root), body.root),
        "hash": (bytes(stored.hash), digest),
        "key_id": (stored.key_id, body.key),
    }
    for name, (found, right) in expected.items():
        if found != right:
            yield _("the column %(name)s differs") % {"name": name}
