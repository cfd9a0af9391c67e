"""What is signed of a request, held against the vector and another program."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django.test import RequestFactory

from jtsec.crypto import sm2
from jtsec.rest.canonical_request import canonical_of, canonical_request
from jtsec.rest.signature_header import (
    MalformedSignature,
    SignatureHeader,
    is_of_scheme,
)
from jtsec.rest.signing import authorization

VECTOR = Path(__file__).parents[1] / "vectors" / "signed_request.json"
CLIENT = "0198c1f0-7a3e-7c5d-9b1e-2f6a4d8c0b17"


def vector() -> dict[str, Any]:
    """Return the vector of docs/reference/formats.md."""
    found: dict[str, Any] = json.loads(VECTOR.read_text("utf-8"))
    return found


def test_the_vector_is_made_and_verified() -> None:
    """The text byte by byte; the header, signed by another program, verifies."""
    said = vector()
    body = said["body"].encode()
    request = RequestFactory().generic(
        "POST", said["url"], body, content_type=said["content_type"]
    )
    made = canonical_of(
        request, client=said["client"], time=said["time"], nonce=said["nonce"]
    )
    assert made.decode() == said["canonical"]
    header = SignatureHeader.parse(said["authorization"])
    assert (str(header.client), header.time) == (said["client"], said["time"])
    sm2.PublicKey.from_pem(said["public_key"]).verify(made, header.signature)


def test_the_document_shows_the_vector() -> None:
    """Whoever writes a client in another language reads it there."""
    page = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"
    shown = page.read_text("utf-8")
    assert vector()["canonical"] in shown
    assert vector()["authorization"] in shown


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl program")
def test_the_openssl_program_signs_a_request(tmp_path: Path) -> None:
    """The recipe of the how-to page, in three commands."""
    secret, text = tmp_path / "key.pem", tmp_path / "text"
    signature = tmp_path / "signature"
    made = canonical_request(
        client=CLIENT, time=1, nonce="n" * 16, method="GET", path="/", query=(),
        content_type="", body=b"",
    )  # fmt: skip
    text.write_bytes(made)
    run = ["openssl", "genpkey", "-algorithm", "SM2", "-out", str(secret)]
    if subprocess.run(run, capture_output=True, check=False).returncode:
        pytest.skip("this openssl knows no SM2")
    sign = ["openssl", "dgst", "-sm3", "-sign", str(secret), "-sigopt",
            "distid:1234567812345678", "-out", str(signature), str(text)]  # fmt: skip
    subprocess.run(sign, check=True, capture_output=True)
    public = sm2.PrivateKey.from_pem(secret.read_text()).public
    public.verify(made, signature.read_bytes())


def test_the_python_client_and_the_server_agree() -> None:
    """For an address in any alphabet, with a query in any order."""
    key = sm2.generate()
    url = "/东西/?b=2&名=张三&a=1&a=0&c="
    text = authorization(key, CLIENT, "get", f"https://host{url}", time=5)
    header = SignatureHeader.parse(text)
    made = canonical_of(
        RequestFactory().get(url), client=CLIENT, time=5, nonce=header.nonce
    )
    key.public.verify(made, header.signature)
    assert b"\na=1&a=0&b=2&c=&%E5%90%8D=%E5%BC%A0%E4%B8%89\n" in made


texts = st.text(st.characters(codec="utf-8"), max_size=8)


@given(st.lists(st.tuples(texts, texts), max_size=4), texts, st.binary(max_size=8))
def test_two_requests_never_share_a_text(
    query: list[tuple[str, str]], path: str, body: bytes
) -> None:
    """No value can step over into the next line, or a name into its value."""

    def made(**other: Any) -> bytes:
        said: dict[str, Any] = {
            "client": CLIENT, "time": 1, "nonce": "n" * 16, "method": "GET",
            "path": path, "query": query, "content_type": "", "body": body,
        } | other  # fmt: skip
        return canonical_request(**said)

    assert made().count(b"\n") == 8
    assert made() != made(path=path + "x")
    assert made() != made(query=[*query, ("", "")])
    assert made() != made(body=body + b"x")


def test_a_header_goes_there_and_back() -> None:
    """One form to write, one to read."""
    header = SignatureHeader(UUID(CLIENT), 1, "n" * 16, b"s" * 70)
    assert SignatureHeader.parse(header.as_text()) == header


@pytest.mark.parametrize(
    "change",
    [
        ('time="1"', 'time="01"'),
        ('time="1"', 'time="-1"'),
        ('time="1"', 'time="1.0"'),
        ('time="1"', 'time="١"'),
        ("nnnn", "nn n"),
        ('nonce="n', 'nonce="\n'),
        ("client=", "Client="),
        ('", nonce', '"; nonce'),
        (CLIENT, CLIENT.upper()),
        (CLIENT, CLIENT.replace("-", "")),
        ('="c3', '="c='),
    ],
)
def test_what_is_not_of_the_form_is_refused(change: tuple[str, str]) -> None:
    """A second spelling would be a second nonce, or a second client."""
    text = SignatureHeader(UUID(CLIENT), 1, "n" * 16, b"s" * 70).as_text()
    changed = text.replace(*change)
    assert changed != text
    with pytest.raises(MalformedSignature):
        SignatureHeader.parse(changed)


def test_the_scheme_is_recognised_whatever_follows() -> None:
    """What claims to be signed is refused, and not taken for a visitor."""
    assert is_of_scheme("JTSEC-SM2 nonsense")
    assert is_of_scheme("jtsec-sm2")
    assert not is_of_scheme("JTSEC-SM2X y")
    assert not is_of_scheme("Basic eA==")
