"""The proof of one event, verified with nothing but a public key."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest

from jtsec.audit.api import record
from jtsec.audit.canonical import canonical
from jtsec.audit.models import AuditRecord
from jtsec.audit.proof import ProofRefused, ProofUnreadable, main, verify_proof
from jtsec.audit.sealing.api import seal_now
from jtsec.audit.verifying.api import CannotVerify, first_public_key, prove
from jtsec.core.context import Actor, acting_as
from jtsec.core.exceptions import VerifiedFalse
from jtsec.crypto import sm2
from jtsec.keys import api as keys
from jtsec.keys.format import dump_ring
from jtsec.keys.key import Purpose, State
from tests import keyring
from tests.audit.declared import PermitGranted
from tests.audit.verifying import attacks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]

PROGRAM = """
import sys

class NoDjango:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("django", "psycopg", "sqlite3"):
            raise ImportError(name)

sys.meta_path.insert(0, NoDjango())
from jtsec.audit.proof import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def proof(transactional_db: None) -> dict[str, Any]:
    """Return the proof of the third of seven events."""
    for number in range(7):
        record(PermitGranted(resource=f"permits.permit:{number}", owner="张三"))
    seal_now()
    row = AuditRecord.objects.get(resource="permits.permit:2")
    made = prove(row.event_id)
    assert made == prove(str(row.event_id)) == prove(row.pk) == prove(str(row.pk))
    return made


def key() -> sm2.PublicKey:
    """Return the key that is believed."""
    return sm2.PublicKey.from_pem(first_public_key())


def encoded(proof: dict[str, Any]) -> bytes:
    """Return the bytes of its file."""
    return json.dumps(proof).encode()


def run(
    folder: Path, proof: bytes, pem: str, **surroundings: str
) -> subprocess.CompletedProcess[str]:
    """Run the stand-alone verifier where there is no Django at all."""
    (folder / "proof.json").write_bytes(proof)
    (folder / "key.pem").write_text(pem)
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, "proof.json", "key.pem"],
        cwd=folder,
        env={"LANG": "C.UTF-8", **surroundings},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_a_third_party_accepts_a_proof_without_django(
    proof: dict[str, Any], tmp_path: Path
) -> None:
    """A file and a public key; it prints what happened."""
    done = run(tmp_path, encoded(proof), first_public_key())
    assert done.returncode == 0, done.stderr
    assert "ACCEPTED" in done.stdout
    assert "tests:permit:granted" in done.stdout
    assert "permits.permit:2" in done.stdout
    assert "张三" not in done.stdout, "a sensitive detail stays encrypted"


def test_a_terminal_without_chinese_is_no_refusal(
    transactional_db: None, tmp_path: Path
) -> None:
    """Exit 1 would say that the proof is false."""
    with acting_as(Actor(kind="person", uid="1", username="zhang", name="张三")):
        record(PermitGranted(resource="permits.permit:2", owner="x"))
    seal_now()
    proof = encoded(prove(AuditRecord.objects.get().pk))
    done = run(tmp_path, proof, first_public_key(), PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "ACCEPTED" in done.stdout


def test_one_changed_byte_is_refused(proof: dict[str, Any], tmp_path: Path) -> None:
    """In the content of the event, with the same verifier."""
    payload = b64decode(proof["record"]["payload"])
    changed = payload.replace(b"permits.permit:2", b"permits.permit:3")
    proof["record"]["payload"] = b64encode(changed).decode()
    done = run(tmp_path, encoded(proof), first_public_key())
    assert done.returncode == 1
    assert "REFUSED" in done.stderr
    assert done.stdout == ""


def test_every_changed_byte_is_refused(proof: dict[str, Any]) -> None:
    """Every byte of what is hashed or signed, one after the other."""
    accepted = []
    for path, data in parts_of(proof):
        for at in range(len(data)):
            changed = bytearray(data)
            changed[at] ^= 1
            other = with_part(proof, path, bytes(changed))
            try:
                verify_proof(encoded(other), key())
            except (ProofRefused, ProofUnreadable):
                continue
            accepted.append((path, at))
    assert accepted == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("index", 3), ("index", -1), ("index", 2.0), ("size", 8), ("size", 6)],
)
def test_another_place_is_refused(
    proof: dict[str, Any], name: str, value: object
) -> None:
    """A true leaf proves its own place and no other."""
    with pytest.raises((ProofRefused, ProofUnreadable)):
        verify_proof(encoded(proof | {name: value}), key())


def test_another_records_number_is_refused(proof: dict[str, Any]) -> None:
    """The number is part of the leaf."""
    for number in (proof["record"]["id"] + 1, 10**9, True):
        other = proof | {"record": proof["record"] | {"id": number}}
        with pytest.raises((ProofRefused, ProofUnreadable)):
            verify_proof(encoded(other), key())


def test_a_path_that_is_too_long_or_too_short_is_refused(
    proof: dict[str, Any],
) -> None:
    """Every hash of it is used, and no other is needed."""
    for path in (proof["path"][:-1], [*proof["path"], "00" * 32], []):
        with pytest.raises(ProofRefused):
            verify_proof(encoded(proof | {"path": path}), key())


def test_a_proof_cannot_bring_its_own_key(proof: dict[str, Any]) -> None:
    """Signed anew by a forger, who puts his key into the file."""
    forger = sm2.generate()
    body = b64decode(proof["checkpoint"]["body"])
    value = json.loads(body) | {"public": forger.public.fingerprint()}
    forged = canonical(value)
    proof["checkpoint"] = {
        "body": b64encode(forged).decode(),
        "signature": b64encode(forger.sign(forged)).decode(),
    }
    proof["public_pem"] = forger.public.to_pem()
    with pytest.raises(ProofUnreadable):
        verify_proof(encoded(proof), key())
    # Under the believed key's name the signature is simply false.
    proof["checkpoint"]["body"] = b64encode(body).decode()
    with pytest.raises(ProofRefused):
        verify_proof(encoded(proof), key())


def test_what_is_no_proof_says_nothing(tmp_path: Path, proof: dict[str, Any]) -> None:
    """Exit 2: nothing can be said, which accuses nobody."""
    good = tmp_path / "key.pem"
    good.write_text(first_public_key())
    other = tmp_path / "other.pem"
    other.write_text(sm2.generate().public.to_pem())
    file = tmp_path / "file"
    for data in (b"", b"[]", b"{", b'{"format":"jtsec-audit-proof/9"}', b"\xff"):
        file.write_bytes(data)
        assert main([str(file), str(good)]) == 2
    file.write_bytes(encoded({k: v for k, v in proof.items() if k != "path"}))
    assert main([str(file), str(good)]) == 2
    file.write_bytes(encoded(proof))
    assert main([str(file), str(other)]) == 2
    assert main([str(file), str(file)]) == 2
    assert main([str(tmp_path / "none"), str(good)]) == 2
    assert main([str(file), str(good), "--json"]) == 0


def test_a_proof_leads_through_a_change_of_the_key(
    proof: dict[str, Any], settings: Any, tmp_path: Path
) -> None:
    """Whoever has the first key believes what the second one signed."""
    first = key()
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    rest = [k for k in keyring.known_ring() if k.purpose != Purpose.AUDIT_SIGNATURE]
    old = keyring.known_key(Purpose.AUDIT_SIGNATURE, 1, State.RETIRED)
    new = keyring.known_key(Purpose.AUDIT_SIGNATURE, 2)
    ring = folder / "jtsec.keys"
    ring.write_bytes(dump_ring([*rest, old, new], keyring.CREATED))
    ring.chmod(0o400)
    settings.JTSEC_KEYS_FILE = str(ring)
    keys.reload()
    try:
        for number in range(2):
            record(PermitGranted(resource=f"later:{number}"))
            seal_now()
        row = AuditRecord.objects.get(resource="later:1")
        made = prove(row.pk)
        assert len(made["chain"]) == 1
        assert verify_proof(encoded(made), first).record_id == row.pk
        second = keys.signing_key_of(new.id).public
        assert verify_proof(encoded(made), second).record_id == row.pk
        with pytest.raises(ProofUnreadable):
            verify_proof(encoded(made | {"chain": []}), first)
        for at in (0, 5, -1):
            signature = bytearray(b64decode(made["chain"][0]["signature"]))
            signature[at] ^= 1
            step = made["chain"][0] | {"signature": b64encode(signature).decode()}
            with pytest.raises(ProofRefused):
                verify_proof(encoded(made | {"chain": [step]}), first)
        # The old record's proof was made by the old key, and stays good.
        assert verify_proof(encoded(proof), first).checkpoint.number == 1
    finally:
        keys.reload()


def test_what_is_not_sealed_or_not_there_cannot_be_proved(
    proof: dict[str, Any],
) -> None:
    """Nothing is known of it yet."""
    record(PermitGranted(resource="new"))
    row = AuditRecord.objects.get(resource="new")
    with pytest.raises(CannotVerify, match=str(row.pk)):
        prove(row.pk)
    for event in (0, "nonsense", "0198c1f0-0000-7000-8000-000000000001"):
        with pytest.raises(CannotVerify):
            prove(event)


def test_nothing_is_proved_by_a_log_that_was_altered(proof: dict[str, Any]) -> None:
    """Not even a neighbour's event."""
    attacks.change(proof["record"]["id"] + 1, "mac", bytes(32))
    with pytest.raises(VerifiedFalse):
        prove(proof["record"]["id"])


def test_an_event_cannot_write_to_the_terminal_of_who_verifies(
    transactional_db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Control characters in what an attacker typed are shown as such."""
    record(PermitGranted(resource="x\x1b[2Jy\n  Result: done"))
    seal_now()
    file, pem = tmp_path / "proof", tmp_path / "pem"
    file.write_bytes(encoded(prove(AuditRecord.objects.get().pk)))
    pem.write_text(first_public_key())
    assert main([str(file), str(pem)]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "x�[2Jy�  Result: done" in said


def parts_of(proof: dict[str, Any]) -> list[tuple[tuple[Any, ...], bytes]]:
    """Return every part of a proof that is bytes, and where it stands."""
    record_, sealed = proof["record"], proof["checkpoint"]
    parts: list[tuple[tuple[Any, ...], bytes]] = [
        (("record", "payload"), b64decode(record_["payload"])),
        (("record", "mac"), bytes.fromhex(record_["mac"])),
        (("record", "mac_key_id"), record_["mac_key_id"].encode()),
        (("checkpoint", "body"), b64decode(sealed["body"])),
        (("checkpoint", "signature"), b64decode(sealed["signature"])),
    ]
    for number, one in enumerate(proof["path"]):
        parts.append((("path", number), bytes.fromhex(one)))
    return parts


def with_part(
    proof: dict[str, Any], path: tuple[Any, ...], data: bytes
) -> dict[str, Any]:
    """Return a proof with another part."""
    other: dict[str, Any] = json.loads(json.dumps(proof))
    name, inner = path
    match name, inner:
        case ("path", _) | ("record", "mac"):
            other[name][inner] = data.hex()
        case "record", "mac_key_id":
            other[name][inner] = data.decode("utf-8", "replace")
        case _:
            other[name][inner] = b64encode(data).decode()
    return other
