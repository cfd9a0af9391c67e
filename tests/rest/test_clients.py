"""Clients are registered and ended by who may, for what is allowed (A4.13)."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from django.core.management import CommandError, call_command
from django.utils import timezone

from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError, VerifiedFalse
from jtsec.core.guarding import DirectWrite
from jtsec.crypto import sm2
from jtsec.identity import api as identities
from jtsec.rest.api import ClientRefused, end_client, list_clients, register_client
from jtsec.rest.models import SignedClient
from tests.authentication.persons import by_sql, registered
from tests.identity import people
from tests.rest.declared import READ, WRITE
from tests.rest.signers import key, terminal

pytestmark = [pytest.mark.clause("A4.13"), pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def officer() -> Any:
    """Return who answers for the client."""
    return registered("officer", 1)


def given(**other: Any) -> dict[str, Any]:
    """Return what registers a terminal."""
    return {
        "code": "gate-3",
        "name": "三号门",
        "kind": "service",
        "account": "officer",
        "public_key": key().public.to_pem(),
        "rights": [READ],
        "networks": ["10.1.0.0/16"],
        "reason": "上线",
    } | other


def events(code: str) -> list[str]:
    """Return why events of a code were recorded."""
    return [row.reason for row in AuditRecord.objects.filter(code=code)]


def test_a_security_administrator_registers_and_ends() -> None:
    """Each with its event; what ended stays in the table."""
    chief = registered("chief", 2, duty="security")
    with acting_as(identities.actor_of(chief)):
        row = register_client(**given())
        assert [one.code for one in list_clients()] == ["gate-3"]
        assert row.fingerprint == key().public.fingerprint()
        end_client("gate-3", reason="拆除")
    assert list(list_clients()) == []
    assert [one.ended_why for one in list_clients(with_ended=True)] == ["拆除"]
    assert AuditRecord.objects.filter(code="rest:client:registered").count() == 1
    assert AuditRecord.objects.filter(code="rest:client:ended").count() == 1


@pytest.mark.parametrize("duty", ["business", "system", "audit"])
def test_nobody_else_does(duty: str) -> None:
    """Refused, recorded, nothing stored; ending as well."""
    terminal()
    other = registered("other", 3, duty=duty)
    with acting_as(identities.actor_of(other)):
        with pytest.raises(ClientRefused):
            register_client(**given(code="x"))
        with pytest.raises(ClientRefused):
            end_client("gate-3", reason="x")
    with pytest.raises(ClientRefused):  # nobody acts
        end_client("gate-3", reason="x")
    refused = sorted(events("rest:client:refused"))
    assert refused == ["actor-anonymous", "actor-duty", "actor-duty"]
    assert SignedClient.objects.get().ended_at is None


def test_an_administrator_of_one_organisation_registers_for_it_alone() -> None:
    """And for what lies below it (clause P39)."""
    with acting_as(system_actor("a-test")):
        elsewhere = people.organisation("110100000000")
    chief = registered("chief", 2, duty="security", organisation=elsewhere)
    with acting_as(identities.actor_of(chief)), pytest.raises(ClientRefused) as error:
        register_client(**given())
    assert error.value.reason == "other-organisation"


@pytest.mark.parametrize("duty", ["system", "security", "audit"])
def test_an_administrators_account_answers_for_no_client(duty: str) -> None:
    """Whoever held the key would be that administrator, unseen."""
    registered("admin", 4, duty=duty)
    with pytest.raises(ClientRefused) as error:
        terminal("admin")
    assert error.value.reason == "account-duty"


def a_private_key() -> str:
    """Return the file that must never leave the client."""
    return key().to_pem()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "Gate 3"}, "code"),
        ({"code": "-x"}, "code"),
        ({"code": "x" * 41}, "code"),
        ({"name": ""}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"kind": "robot"}, "kind"),
        ({"account": "nobody"}, "account"),
        ({"public_key": "nonsense"}, "public_key"),
        ({"public_key": a_private_key()}, "public_key"),
        ({"rights": []}, "rights"),
        ({"rights": [WRITE]}, "rights"),
        ({"rights": ["no.such_function"]}, "rights"),
        ({"networks": []}, "networks"),
        ({"networks": ["0.0.0.0/0"]}, "networks"),
        ({"networks": ["10.1.1.1/8"]}, "networks"),
        ({"valid_until": now() - timedelta(days=1)}, "valid_until"),
        ({"valid_until": now() + timedelta(days=400)}, "valid_until"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_is_malformed_is_refused(wrong: dict[str, Any], field: str) -> None:
    """Names the field; nothing is stored; recorded."""
    with pytest.raises(InputError) as error:
        terminal(**wrong)
    assert error.value.field == field
    assert not SignedClient.objects.exists()
    assert AuditRecord.objects.filter(code="rest:client:refused").count() == 1


def test_a_code_or_key_is_registered_once_for_ever() -> None:
    """An event of years ago still says which client it was."""
    terminal()
    fresh = sm2.generate().public.to_pem()
    with pytest.raises(InputError):
        terminal(public_key=fresh)
    with pytest.raises(InputError):
        terminal(code="other")
    chief = registered("chief", 2, duty="security")
    with acting_as(identities.actor_of(chief)):
        end_client("gate-3", reason="拆除")
        with pytest.raises(InputError):
            end_client("gate-3", reason="again")
    with pytest.raises(InputError):
        terminal()


def test_a_client_ends_by_itself() -> None:
    """After a year where nothing else was said."""
    row = terminal()
    assert timedelta(days=364) < row.valid_until - now() < timedelta(days=366)
    assert timezone.is_aware(row.valid_until)


def test_nobody_writes_past_the_verbs(officer: Any) -> None:
    """No `save`, no `update`; what SQL has changed is not sealed anew."""
    row = terminal()
    with pytest.raises(DirectWrite):
        row.save()
    with pytest.raises(DirectWrite):
        SignedClient.objects.update(networks=["0.0.0.0/0"])
    by_sql("jtsec_signedclient", "networks", '["0.0.0.0/0"]', code="gate-3")
    chief = registered("chief", 2, duty="security")
    with acting_as(identities.actor_of(chief)), pytest.raises(VerifiedFalse):
        end_client("gate-3", reason="拆除")


def run(*words: str) -> str:
    """Return what a command prints."""
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def register_words(tmp_path: Path, **other: str) -> list[str]:
    """Return a command line that registers a client."""
    file = tmp_path / "key.pem"
    file.write_text(key().public.to_pem())
    said = {
        "name": "三号门", "kind": "terminal", "account": "officer", "right": READ,
        "network": "10.1.0.0/16", "public-key": str(file), "actor": "chief",
        "reason": "上线",
    } | other  # fmt: skip
    return [
        *("jtsec_clients_register", "gate-3"),
        *(f"--{name}={value}" for name, value in said.items()),
    ]


def test_the_commands_register_list_and_end(tmp_path: Path) -> None:
    """In the name of a security administrator, with a reason."""
    registered("chief", 2, duty="security")
    told = json.loads(run(*register_words(tmp_path, until="2027-06-01"), "--json"))
    assert told["fingerprint"] == key().public.fingerprint()
    assert told["id"] in run("jtsec_clients")
    (row,) = json.loads(run("jtsec_clients", "--json"))
    assert (row["state"], row["account"]) == ("in-use", "officer")
    run("jtsec_clients_end", "gate-3", "--actor=chief", "--reason=拆除")
    assert json.loads(run("jtsec_clients", "--json")) == []
    (row,) = json.loads(run("jtsec_clients", "--all", "--json"))
    assert row["state"] == "ended"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"actor": "officer"}, 3),
        ({"actor": "nobody"}, 3),
        ({"public-key": "/nowhere"}, 2),
        ({"until": "tomorrow"}, 2),
        ({"until": "2026-13-01"}, 2),
        ({"network": "nonsense"}, 2),
    ],
)
def test_a_command_that_cannot_says_so(
    tmp_path: Path, other: dict[str, str], code: int
) -> None:
    """By its exit code; nothing is stored."""
    registered("chief", 2, duty="security")
    with pytest.raises(CommandError) as error:
        run(*register_words(tmp_path, **other))
    assert error.value.returncode == code
    assert not SignedClient.objects.exists()


def test_ending_what_is_not_there_and_listing_what_was_altered() -> None:
    """Exit 1 both: somebody must look."""
    registered("chief", 2, duty="security")
    with pytest.raises(CommandError) as error:
        run("jtsec_clients_end", "gate-9", "--actor=chief", "--reason=x")
    assert error.value.returncode == 1
    terminal()
    by_sql("jtsec_signedclient", "rights", '["a.b"]', code="gate-3")
    with pytest.raises(CommandError) as error:
        run("jtsec_clients")
    assert error.value.returncode == 1
