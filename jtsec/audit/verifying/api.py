"""
The verbs of verification.

    report = verify()
    report.exit_code            0 whole, 1 verified false, 2 cannot say
    report.findings             what, where, in words

    verify(public_key=pem)      with nothing but a public key
    prove(event_id)             one event for a third party, see `jtsec.audit.proof`

It reads and never writes, and runs while writers and the sealer go on. What it holds
the log against was fixed when it began: the newest checkpoint of that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jtsec.audit.sealing.api import Anchor, last_checkpoint
from jtsec.audit.sealing.api import anchors as configured_anchors
from jtsec.audit.sealing.reading import alias
from jtsec.audit.sealing.syslog_anchor import SyslogAnchor
from jtsec.core.clock import elapsed
from jtsec.core.exceptions import CannotVerify

from .archived import Archive, Dropped, register_archive
from .finding import Exit, Finding, Kind, Report
from .key_changes import believe_announced
from .proving import Proof, first_public_key, prove
from .reporting import record_report
from .scope import Wanted, scope_of
from .trust import Trust
from .verification import Verification
from .walking import Progress

__all__ = [
    "Archive",
    "CannotVerify",
    "Dropped",
    "Exit",
    "Finding",
    "Kind",
    "Progress",
    "Proof",
    "Report",
    "first_public_key",
    "prove",
    "record_report",
    "register_archive",
    "verify",
]


def verify(
    *,
    since: datetime | None = None,
    first: int | None = None,
    last: int | None = None,
    number: int | None = None,
    processes: int = 1,
    progress: Progress | None = None,
    deep: bool = True,
    anchors: bool | Sequence[Anchor] = True,
    public_key: str | bytes | None = None,
) -> Report:
    """
    Hold the log against its checkpoints, its keys and its anchors (A5.8).

    Args:
        since: only checkpoints made from then on; aware.
        first, last, number: only what covers these records; only this checkpoint.
        processes: how many share the work.
        progress: is called with numbers of rows as they are done.
        deep: check values and columns too; False: the seals alone, much faster.
        anchors: whether to compare with those of the settings, or which.
        public_key: PEM of the key that is believed; the key ring is not touched.

    Raises:
        CannotVerify: no key is at hand, so that nothing could be said at all.
        ConfigurationError, InputError: an anchor's name, or such a part, is none.
        django.db.Error: the database does not answer.
    """
    begin, using = elapsed(), alias()
    trust = Trust.of_ring() if public_key is None else Trust.of_pem([public_key])
    scope = scope_of(using, last_checkpoint(), Wanted(since, first, last, number))
    believe_announced(trust, using)
    compared = _chosen(anchors)
    work = Verification(using, trust, public_key is None, deep, scope)
    work.walk(processes, progress)
    work.look_into_archive()
    work.look_at_tail()
    work.compare(compared)
    return work.report(compared, elapsed() - begin)


def _chosen(anchors: bool | Sequence[Anchor]) -> Sequence[Anchor]:
    if isinstance(anchors, bool):
        # A syslog service takes and never gives: who keeps its log compares it.
        return [
            anchor
            for anchor in (configured_anchors() if anchors else ())
            if not isinstance(anchor, SyslogAnchor)
        ]
    return anchors
