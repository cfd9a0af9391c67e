"""
What can be applied for: kinds, registered when Django starts.

    register_kind(
        Kind(
            code="permits.correct",
            name=_("Correction of a permit"),
            submit_rights=("permits.request_correction",),
            steps=(
                Step("permits.check_correction", _("Checked by the group leader")),
                Step("permits.approve_correction", _("Approved by the head")),
            ),
            execute_right="permits.execute_correction",
            executor=correct_permit,
        )
    )

A kind names rights, never persons: who may take a step is asked of access when the
step is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise

from jtsec.core.exceptions import InputError
from jtsec.core.exposure import RIGHT

from .application import Application, Content

CODE_LENGTH = 64
StrOrPromise = str | Promise
Rows = Iterable[tuple[StrOrPromise, object]]


Executor = Callable[[Application], object]
Ended = Callable[[Application, str], object]


def _nobody_else(resource: str, payload: Content) -> Iterable[str]:
    return ()


def _no_row(resource: str) -> Any:
    return None


def _let_be(application: Application, state: str) -> None:
    pass


def _resource_itself(resource: str, payload: Content) -> str:
    return resource


def _no_version(resource: str) -> str:
    return ""


def _accept(payload: Content, resource: str) -> None:
    pass


def _nothing_more(application: Application) -> Rows:
    return ()


@dataclass(frozen=True)
class Step:
    """
    One approval of several.

    Args:
        right: the right that who takes the step must have at that moment.
        name: what the step is called, translatable.
    """

    right: str
    name: StrOrPromise


@dataclass(frozen=True, kw_only=True)
class Kind:
    """
    What can be applied for, who approves it, and what is done then.

    Args:
        code: "control.verb" or "app.verb", unique.
        name: what it is called, translatable.
        submit_rights: who has one of them may submit and amend.
        steps: the approvals, in their order; each by another person.
        executor: does it, in the transaction of the last step; raises to refuse, and
            then nothing is changed and the application stands as before.
        execute_right: where given, nothing is done at the last approval; somebody who
            has this right and is neither maker nor checker carries it out (P45).
        subject: a few words for lists, of what is public about the object; the resource
            where not given.
        touched: UIDs of everybody else who must not check: who last edited the object,
            whom it is for. Asked again at every step.
        object_of: the row it is about, so that its organisation and label count when
            rights are asked for; None where the right alone does.
        version_of: the state of the object, such as its revision; when it differs from
            that at submission, nothing is approved.
        check: refuses a payload that makes no sense, with `InputError`, at submission.
        describe: labelled values for the pages and the form.
        ended: told of an end without execution, "rejected", "withdrawn" or "expired",
            in the same transaction, so that the object can say so itself.
        deadline: how long it may wait; None for the setting's days.
        form_title: the title of the form; the name where empty.
        acts: names of `jtsec.core.acts` that the executor does.
    """

    code: str
    name: StrOrPromise
    submit_rights: tuple[str, ...]
    steps: tuple[Step, ...]
    executor: Executor
    execute_right: str = ""
    subject: Callable[[str, Content], str] = _resource_itself
    touched: Callable[[str, Content], Iterable[str]] = _nobody_else
    object_of: Callable[[str], Any] = _no_row
    version_of: Callable[[str], str] = _no_version
    check: Callable[[Content, str], None] = _accept
    describe: Callable[[Application], Rows] = _nothing_more
    ended: Ended = _let_be
    deadline: timedelta | None = None
    form_title: StrOrPromise = ""
    acts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not RIGHT.fullmatch(self.code.replace("-", "_")):
            raise ValueError(f"{self.code!r} is not of the form control.verb")
        if len(self.code) > CODE_LENGTH:
            raise ValueError(f"{self.code!r} is longer than {CODE_LENGTH}")
        if not self.submit_rights:
            raise ValueError(f"{self.code}: who applies for it? No right is named")
        if not self.steps:
            raise ValueError(f"{self.code}: who approves it? No step is named")
        for right in self.rights:
            if not RIGHT.fullmatch(right):
                raise ValueError(f"{self.code}: {right!r} is not a right")

    @property
    def rights(self) -> tuple[str, ...]:
        """Return every right the kind names, in order."""
        return (*self.submit_rights, *self.checking_rights)

    @property
    def checking_rights(self) -> tuple[str, ...]:
        """Return the rights of those who decide and carry out, in order."""
        last = (self.execute_right,) if self.execute_right else ()
        return (*(step.right for step in self.steps), *last)


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> Kind:
    """
    Make a kind known; called from an app's `ready()` or its `approvals` module.

    Raises:
        ValueError: the code is taken by another kind.
    """
    known = _kinds.setdefault(kind.code, kind)
    if known != kind and _place(known) != _place(kind):
        raise ValueError(f"the kind {kind.code} is registered already")
    _kinds[kind.code] = kind
    return kind


def known_kinds() -> tuple[Kind, ...]:
    """Return every kind, by code."""
    return tuple(_kinds[code] for code in sorted(_kinds))


def find_kind(code: str) -> Kind | None:
    """Return a kind, or None where no app registers it any more."""
    return _kinds.get(code)


def kind_of(code: str) -> Kind:
    """
    Return a kind.

    Raises:
        InputError: there is none of that code.
    """
    kind = _kinds.get(code)
    if kind is None:
        raise InputError(
            f"There is no kind of application {code!r}.", field="kind", code="unknown"
        )
    return kind


def _place(kind: Kind) -> tuple[str, str]:
    return kind.executor.__module__, kind.executor.__qualname__
