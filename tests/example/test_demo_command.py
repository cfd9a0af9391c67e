"""`manage.py demo`: prepares once, says what is in the way, removes only its own."""

from __future__ import annotations

import re
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from jtsec.validation.api import check_resident_id
from tests.example.demonstration import Demonstration
from tests.example.visitor import Visitor
from tests.services import postgres
from tests.services.sharing import Service


def dump(demonstration: Demonstration) -> list[str]:
    """Return everything in the database, as text."""
    with closing(sqlite3.connect(demonstration.database)) as database:
        return list(database.iterdump())


def test_the_example_is_a_sound_project(demonstration: Demonstration) -> None:
    """No check complains, and no migration is missing."""
    checked = demonstration.manage("check", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    made = demonstration.manage("makemigrations", "--check", "--dry-run")
    assert made.returncode == 0, made.stdout


def test_a_second_run_changes_nothing(demonstration: Demonstration) -> None:
    """Keys, people and records stay as they are, and nothing comes twice."""
    keys = (demonstration.private / "jtsec.keys").read_bytes()
    before = dump(demonstration)
    again = demonstration.prepare()
    assert again.returncode == 0
    assert "未作改动" in again.stdout
    assert dump(demonstration) == before
    assert (demonstration.private / "jtsec.keys").read_bytes() == keys


def test_it_says_what_to_try(demonstration: Demonstration) -> None:
    """A newcomer reads the accounts, the password and the commands, all in Chinese."""
    said = demonstration.prepare().stdout
    for name in ("sysadmin", "secadmin", "auditor", "zhang", "li", "wang"):
        assert name in said
    assert "Jtsec@Demo2026" in said
    assert "jtsec_unlock" in said
    assert "jtsec_error" in said
    assert str(demonstration.error_key) in said


def test_the_keys_are_private_and_outside_of_the_database_folder(
    demonstration: Demonstration,
) -> None:
    """Key ring and error key have mode 0400."""
    for path in (demonstration.private / "jtsec.keys", demonstration.error_key):
        assert path.stat().st_mode & 0o777 == 0o400


def test_the_records_are_made_up_and_well_formed(
    demonstration: Demonstration,
) -> None:
    """Plates of many provinces, spread over a year."""
    with closing(sqlite3.connect(demonstration.database)) as database:
        rows = database.execute(
            "SELECT number, plate, owner_name, filed_at FROM permits_permit"
        ).fetchall()
    assert len(rows) == len({row[0] for row in rows}) == 120
    assert len({row[1][0] for row in rows}) >= 10
    assert len({row[3][:7] for row in rows}) >= 12
    assert all(re.fullmatch(r"TX\d{16}", row[0]) for row in rows)


@pytest.mark.slow
def test_the_same_records_are_made_everywhere(
    demonstration: Demonstration, tmp_path: Path
) -> None:
    """Chance repeats itself: two testers speak of the same vehicles."""
    other = Demonstration(tmp_path / "other")
    assert other.prepare().returncode == 0
    plates = []
    for one in (demonstration, other):
        with closing(sqlite3.connect(one.database)) as database:
            plates.append(
                database.execute("SELECT plate FROM permits_permit").fetchall()
            )
    assert plates[0] == plates[1]


@pytest.mark.clause("A6.3")
def test_a_filled_database_without_its_keys_is_left_alone(
    demonstration: Demonstration,
) -> None:
    """New keys over old data would not open it; nothing is made."""
    before = dump(demonstration)
    (demonstration.private / "jtsec.keys").unlink()
    refused = demonstration.prepare()
    assert refused.returncode == 1
    assert "密钥文件" in refused.stderr and "--fresh" in refused.stderr
    assert not (demonstration.private / "jtsec.keys").exists()
    assert dump(demonstration) == before


@pytest.mark.clause("A6.3")
@pytest.mark.slow
def test_keys_of_another_database_are_refused(
    demonstration: Demonstration, tmp_path: Path
) -> None:
    """A key ring that cannot open what is there is named as such."""
    other = Demonstration(tmp_path / "other")
    assert other.prepare().returncode == 0
    ring = demonstration.private / "jtsec.keys"
    ring.chmod(0o600)
    ring.write_bytes((other.private / "jtsec.keys").read_bytes())
    ring.chmod(0o400)
    refused = demonstration.prepare()
    assert refused.returncode == 1
    assert "不能用于这个数据库" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.slow
def test_keys_without_a_database_are_used_on(demonstration: Demonstration) -> None:
    """A new database may begin under keys that are there; it is said."""
    demonstration.database.unlink()
    again = demonstration.prepare()
    assert again.returncode == 0
    assert "沿用已有的密钥文件" in again.stdout
    assert "120" in again.stdout


@pytest.mark.slow
def test_a_run_that_was_cut_short_is_taken_up(tmp_path: Path) -> None:
    """An error key without a key ring is what an interrupted first run leaves."""
    cut = Demonstration(tmp_path / "cut")
    assert cut.prepare().returncode == 0
    error_key = cut.error_key.read_bytes()
    (cut.private / "jtsec.keys").unlink()
    cut.database.unlink()
    assert cut.prepare().returncode == 0
    assert cut.error_key.read_bytes() == error_key


@pytest.mark.slow
def test_fresh_removes_its_own_and_begins_again(demonstration: Demonstration) -> None:
    """Database and keys are new; a stranger's file beside them stays."""
    stranger = demonstration.private / "stranger.txt"
    stranger.write_text("mine")
    ring = demonstration.private / "jtsec.keys"
    before = ring.read_bytes()
    begun = demonstration.prepare("--fresh")
    assert begun.returncode == 0
    assert ring.read_bytes() != before
    assert stranger.read_text() == "mine"


def test_fresh_touches_no_database_of_somebody_else(
    demonstration: Demonstration, tmp_path: Path
) -> None:
    """Where DATABASE_URL names another database, nothing at all is removed."""
    foreign = tmp_path / "foreign.sqlite3"
    foreign.write_bytes(b"")
    pointed = Demonstration(
        demonstration.folder, {"DATABASE_URL": f"sqlite:///{foreign}"}
    )
    refused = pointed.prepare("--fresh")
    assert refused.returncode == 1
    assert "DATABASE_URL" in refused.stderr
    assert foreign.exists()
    assert (demonstration.private / "jtsec.keys").exists()


def test_a_taken_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    """The second of two starts names the port and another one."""
    late = Demonstration(tmp_path / "late")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = late.manage("demo", "--port", port)
    assert refused.returncode == 1
    assert port in refused.stderr and "PORT=" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not late.database.exists()


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_is_none_is_refused(
    demonstration: Demonstration, port: str
) -> None:
    """Ports are numbers up to 65535."""
    refused = demonstration.manage("demo", "--port", port)
    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr


def test_an_open_folder_is_no_place_for_keys(
    tmp_path: Path, demonstration: Demonstration
) -> None:
    """Somebody else could replace the key file; the way out is named."""
    open_folder = tmp_path / "open"
    open_folder.mkdir()
    open_folder.chmod(0o777)
    exposed = Demonstration(
        tmp_path / "exposed", {"JTSEC_EXAMPLE_PRIVATE": str(open_folder)}
    )
    refused = exposed.prepare()
    assert refused.returncode == 1
    assert "JTSEC_EXAMPLE_PRIVATE" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.clause("A6.3")
@pytest.mark.slow
def test_no_owner_can_be_read_in_the_database_file(
    demonstration: Demonstration,
) -> None:
    """ID numbers and phones of every record and person are cipher text in the file."""
    listed = demonstration.manage(
        "shell",
        "-v0",
        "-c",
        "from permits.models import Permit\n"
        "from jtsec.identity.models import Identity\n"
        "for permit in Permit.objects.all():\n"
        "    print(permit.owner_id_number, permit.owner_phone)\n"
        "for identity in Identity.objects.all():\n"
        "    print(identity.resident_id, identity.resident_id)\n",
    )
    secrets = listed.stdout.split()
    assert len(secrets) == 256
    for number in secrets[::2]:
        assert check_resident_id(number) == number
    files = demonstration.database.parent.glob("example.sqlite3*")
    raw = b"".join(path.read_bytes() for path in files)
    assert not [secret for secret in secrets if secret.encode() in raw]


@pytest.mark.postgres
@pytest.mark.slow
def test_the_demonstration_runs_on_postgresql(
    postgres_service: Service, worker_name: str, tmp_path: Path
) -> None:
    """DATABASE_URL is honoured; the second run changes nothing there either."""
    dsn = postgres.create_database(postgres_service, f"example_{worker_name}")
    there = Demonstration(tmp_path / "example", {"DATABASE_URL": dsn})
    first = there.prepare(with_history=True)
    assert first.returncode == 0, first.stderr
    assert "已写入一年" in first.stdout
    assert "未作改动" in there.prepare().stdout
    with there.served() as address:
        visitor = Visitor(address)
        assert visitor.log_in("zhang").target == "/accounts/last-login/"
        assert "共 48 条" in visitor.get("/permits/").text
    assert not there.database.exists()


def test_a_database_that_does_not_answer_is_said(tmp_path: Path) -> None:
    """Nothing is made, and the reason is one sentence."""
    alone = Demonstration(
        tmp_path / "alone", {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}
    )
    refused = alone.prepare()
    assert refused.returncode == 1
    assert "数据库连接不上" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (alone.private / "jtsec.keys").exists()


def test_a_driver_that_is_missing_is_said(tmp_path: Path) -> None:
    """The line to install it stands below the reason."""
    (tmp_path / "MySQLdb.py").write_text("raise ImportError('not installed')\n")
    alone = Demonstration(
        tmp_path / "alone",
        {"DATABASE_URL": "mysql://nobody@127.0.0.1:1/x", "PYTHONPATH": str(tmp_path)},
    )
    refused = alone.prepare()
    assert refused.returncode == 1
    assert "pip install" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.slow
def test_a_demonstration_from_before_is_taken_on(
    demonstration: Demonstration,
) -> None:
    """Its records get their organisation, its people their roles; nothing is lost."""
    for back in (("permits", "0001"), ("jtsec", "0006")):
        undone = demonstration.manage("migrate", *back, "-v0", "--skip-checks")
        assert undone.returncode == 0, undone.stderr
    with closing(sqlite3.connect(demonstration.database)) as database:
        database.execute("INSERT INTO auth_group (name) VALUES ('业务用户')")
        database.execute(
            "INSERT INTO auth_user_groups (user_id, group_id)"
            " SELECT u.id, g.id FROM auth_user u, auth_group g"
        )
        database.commit()
    taken_on = demonstration.prepare()
    assert taken_on.returncode == 0, taken_on.stderr
    assert "建立 6 个角色" in taken_on.stdout
    assert "未作改动" in demonstration.prepare().stdout
    with closing(sqlite3.connect(demonstration.database)) as database:
        (homeless,) = database.execute(
            "SELECT count(*) FROM permits_permit p LEFT JOIN jtsec_organization o"
            " ON o.id = p.organisation_id WHERE o.id IS NULL OR p.state <> 'approved'"
        ).fetchone()
        (groups,) = database.execute("SELECT count(*) FROM auth_group").fetchone()
    assert (homeless, groups) == (0, 0)
    with demonstration.served() as address:
        visitor = Visitor(address)
        assert visitor.log_in("zhang").status == 302
        assert "共 48 条" in visitor.get("/permits/").text
