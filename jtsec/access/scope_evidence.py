"""What can be proved about rows and files."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps

from jtsec.core.evidence import Fact

from .guarded_files import guarded_files
from .scope import scope_of
from .scope_checks import check_files, check_scoped_models
from .scoped_rows import ScopedModel


def facts() -> Iterator[Fact]:
    """Yield the models whose rows are bound, those with labels, the files guarded."""
    scoped = [one for one in apps.get_models() if issubclass(one, ScopedModel)]
    yield Fact(
        clause="A4.1",
        statement="Rows that belong to organisations come out for whom they are.",
        holds=not check_scoped_models(None),
        value=sorted(one._meta.label for one in scoped),
    )
    labelled = [one for one in scoped if (found := scope_of(one)) and found.label]
    yield Fact(
        clause="A4.14",
        statement="Rows with a sensitivity label are shown up to the clearance.",
        holds=not check_scoped_models(None),
        value=sorted(one._meta.label for one in labelled),
    )
    yield Fact(
        clause="A4.1",
        statement="Uploaded files are given by the decision on their row.",
        holds=not check_files(None),
        value=sorted(f"{one.model._meta.label}.{one.field}" for one in guarded_files()),
    )
