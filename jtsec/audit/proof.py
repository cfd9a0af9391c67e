"""
Verifies the proof of one event: `python -m jtsec.audit.proof FILE PUBKEY`.

FILE is what `jtsec_audit_verify --proof` wrote, PUBKEY the PEM file of the public key
that signs the checkpoints, got from whoever runs the system and not from the proof.
Needs no Django, no database and no key ring. Exit codes: 0 accepted, and what happened
is printed; 1 refused, the proof is false; 2 nothing can be said.

What is held, from the inside out: the row's leaf, the path from it to the Merkle root,
the root and the id in the signed body of the checkpoint, the signature, and, where the
key has changed, each announcement of the next key from the one that is believed on.
"""

from __future__ import annotations

import argparse
import gettext
import json
import os
import sys
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final

from jtsec.audit.sealing.body import CheckpointBody, MalformedBody, parse_body
from jtsec.audit.sealing.leaf import leaf_of
from jtsec.core.exceptions import JtsecError
from jtsec.crypto import merkle
from jtsec.crypto.exceptions import CryptoError, InvalidSignature
from jtsec.crypto.sm2 import PublicKey

FORMAT: Final = "jtsec-audit-proof/1"
ACCEPTED: Final = 0
REFUSED: Final = 1
UNKNOWN: Final = 2
LARGEST: Final = 64 << 20
"""Bytes of a file that are read; a proof has some thousand."""

LOCALE: Final = Path(__file__).parents[1] / "locale"


class ProofRefused(JtsecError):
    """Says that a proof is false: something in it is not what was signed."""


class ProofUnreadable(JtsecError):
    """Says that nothing can be said: no proof, no key, or another key's."""


@dataclass(frozen=True)
class Signed:
    """A checkpoint as a proof carries it."""

    content: bytes
    signature: bytes
    body: CheckpointBody


@dataclass(frozen=True)
class Proved:
    """
    An event that stands in the log.

    Args:
        record_id: its row.
        payload: what it says.
        checkpoint: the checkpoint that seals it.
    """

    record_id: int
    payload: Mapping[str, Any]
    checkpoint: CheckpointBody


def verify_proof(data: bytes, public_key: PublicKey) -> Proved:
    """
    Return what a proof proves.

    Args:
        data: the bytes of the file.
        public_key: the key that is believed: the one that signed the checkpoint, or an
            earlier one that leads to it by announcements.

    Raises:
        ProofRefused: it is false.
        ProofUnreadable: it is no proof of a known format, or is under a key that the
            one at hand does not lead to.
    """
    value = _load(data)
    try:
        sealed = _signed(value["checkpoint"])
        chain = [_signed(one) for one in value["chain"]]
        record = value["record"]
        leaf = leaf_of(
            _whole(record["id"]),
            record["mac_key_id"],
            bytes.fromhex(record["mac"]),
            payload := b64decode(record["payload"], validate=True),
        )
        path = [bytes.fromhex(one) for one in value["path"]]
        index, size = _whole(value["index"]), _whole(value["size"])
    except MalformedBody as error:
        raise ProofRefused(f"a checkpoint is not what was signed: {error}") from error
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise ProofUnreadable(f"the proof is damaged: {error}") from error
    _require_signature(sealed, _key_in_force(sealed, chain, public_key))
    _require_place(sealed.body, record["id"], index, size)
    try:
        root = merkle.root_from_path(leaf, index, size, path)
    except CryptoError as error:
        raise ProofRefused("the path does not lead to a root") from error
    if root != sealed.body.root:  # no secret: both are public
        raise ProofRefused("the record is not the one that the checkpoint seals")
    return Proved(record["id"], _payload(payload), sealed.body)


def _load(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ProofUnreadable("the file holds no proof") from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ProofUnreadable(f"the file is no proof of the format {FORMAT}")
    return value


def _signed(value: Mapping[str, Any]) -> Signed:
    content = b64decode(value["body"], validate=True)
    signature = b64decode(value["signature"], validate=True)
    return Signed(content, signature, parse_body(content))


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("a number is none")
    return value


def _key_in_force(
    sealed: Signed, chain: Sequence[Signed], believed: PublicKey
) -> PublicKey:
    """Return the key that must have signed, led to by announcements from our own."""
    number = 0
    for one in chain:
        if believed.fingerprint() == sealed.body.public:
            break
        if one.body.public != believed.fingerprint():
            continue
        _require_signature(one, believed)
        announced = one.body.next_key
        if (
            announced is None
            or one.body.log != sealed.body.log
            or not number < one.body.number < sealed.body.number
        ):
            raise ProofRefused("a change of the key belongs to another place")
        number = one.body.number
        try:
            believed = PublicKey.from_pem(announced.public_pem)
        except CryptoError as error:
            raise ProofRefused("an announced key is none") from error
    if believed.fingerprint() != sealed.body.public:
        raise ProofUnreadable(
            "the checkpoint is signed by another key than the one at hand, and no "
            "announcement leads from this one to it"
        )
    return believed


def _require_signature(signed: Signed, key: PublicKey) -> None:
    try:
        key.verify(signed.content, signed.signature)
    except InvalidSignature as error:
        number = signed.body.number
        raise ProofRefused(f"the signature of checkpoint {number} is false") from error


def _require_place(body: CheckpointBody, record_id: int, index: int, size: int) -> None:
    """Refuse a true leaf under another record's number."""
    if size != body.count or not body.has_member(record_id):
        raise ProofRefused("the checkpoint does not seal a record of this number")
    before = sum(one < record_id for one in body.late)
    for low, high in body.runs():
        before += max(0, min(record_id - 1, high) - low + 1)
    if before != index:
        raise ProofRefused("the record stands at another place of its checkpoint")


def _payload(payload: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(payload)
    except ValueError as error:
        raise ProofUnreadable("the record is sealed, and in no known format") from error
    if not isinstance(value, dict) or value.get("v") != 1:
        raise ProofUnreadable("the record is sealed, and in no known format")
    return value


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m jtsec.audit.proof",
        description="Verify the proof of one event of the audit.",
        epilog="exit codes: 0 accepted, 1 refused, 2 nothing can be said",
    )
    parser.add_argument("file", help="the proof, - for standard input")
    parser.add_argument("public_key", help="PEM file of the public key")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        # What a terminal cannot show is no reason to end as if the proof were false.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        proved = verify_proof(_read(options.file), _read_key(options.public_key))
        print(_as_json(proved) if options.json else _as_text(proved))
    except ProofRefused as error:
        print(_("REFUSED: %(error)s") % {"error": error}, file=sys.stderr)
        return REFUSED
    # Python ends with 1 whatever went wrong, which here would accuse somebody.
    except Exception as error:
        text = _("Nothing can be said: %(error)s")
        print(text % {"error": error}, file=sys.stderr)
        return UNKNOWN
    return ACCEPTED


def _read(name: str) -> bytes:
    try:
        with sys.stdin.buffer if name == "-" else Path(name).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise ProofUnreadable(f"{name} cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise ProofUnreadable(f"{name} is larger than any proof")
    return data


def _read_key(name: str) -> PublicKey:
    try:
        return PublicKey.from_pem(_read(name))
    except CryptoError as error:
        raise ProofUnreadable(f"{name} is no SM2 public key: {error}") from error


def _as_json(proved: Proved) -> str:
    value = {
        "record": proved.record_id,
        "payload": proved.payload,
        "checkpoint": proved.checkpoint.number,
        "sealed_at": proved.checkpoint.at,
        "log": proved.checkpoint.log,
        "key": proved.checkpoint.key,
    }
    return json.dumps(value, ensure_ascii=True, indent=2)


def _as_text(proved: Proved) -> str:
    """Return what happened, for people; nothing in it can move a terminal's cursor."""
    event, body = proved.payload, proved.checkpoint
    actor, source = event.get("actor", {}), event.get("source", {})
    rows = [
        (_("Event"), event.get("id")),
        (_("Time"), event.get("at")),
        (_("What was done"), event.get("code")),
        (_("Result"), event.get("outcome")),
        (_("User"), f"{actor.get('username', '')} {actor.get('name', '')}".strip()),
        (_("User UID"), actor.get("uid")),
        (_("Organisation"), actor.get("organisation")),
        (_("Source address"), source.get("address")),
        (_("Terminal"), source.get("terminal") or source.get("mac")),
        (_("Resource"), event.get("resource")),
        (_("User concerned"), event.get("subject")),
        (_("Reason"), event.get("reason")),
        (_("Details"), json.dumps(event.get("data", {}), ensure_ascii=False)),
        (_("Encrypted details"), _("yes") if event.get("sealed") else ""),
        (_("Record"), proved.record_id),
        (_("Checkpoint"), f"{body.number}, {body.at}, {body.key}"),
        (_("Log"), body.log),
    ]
    lines = [_("ACCEPTED: this event stands in the log and was not changed.")]
    lines += [f"  {name}: {_visible(value)}" for name, value in rows if value]
    return "\n".join(lines)


def _visible(value: object) -> str:
    return "".join(one if one.isprintable() else "�" for one in str(value))


def _translated(text: str) -> str:
    """Return a sentence in the language of the surroundings, Chinese or English."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    chosen = next(filter(None, names), "")
    languages = ["zh_Hans"] if chosen.lower().startswith("zh") else []
    catalogue = gettext.translation("django", LOCALE, languages, fallback=True)
    return catalogue.gettext(text)


_ = _translated


if __name__ == "__main__":
    sys.exit(main())
