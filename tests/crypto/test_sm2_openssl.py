"""SM2 agrees with the openssl program both ways, with each provider."""

from __future__ import annotations

from pathlib import Path

import pytest

from jtsec.crypto import sm2
from jtsec.crypto.exceptions import InvalidSignature
from jtsec.crypto.sm2 import PrivateKey, PublicKey
from jtsec.crypto.sm2_contract import Sm2Provider
from tests.crypto import openssl

pytestmark = [pytest.mark.clause("A6.3"), openssl.needs_sm2]


class Peer:
    """A key of the program's in a folder, with the files that pass to and fro."""

    def __init__(self, folder: Path) -> None:
        self.private, self.public = folder / "key.pem", folder / "public.pem"
        self.input, self.other = folder / "input", folder / "other"
        openssl.run("genpkey", "-algorithm", "SM2", "-out", self.private)
        openssl.run("pkey", "-in", self.private, "-pubout", "-out", self.public)

    def sign(self, message: bytes, ident: str) -> bytes:
        """Lets the program sign."""
        self.input.write_bytes(message)
        return openssl.run(
            *("pkeyutl", "-sign", "-inkey", self.private, "-in", self.input),
            *("-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{ident}"),
        )

    def accepts(self, message: bytes, signature: bytes, ident: str) -> bool:
        """Lets the program verify."""
        self.input.write_bytes(message)
        self.other.write_bytes(signature)
        done = openssl.attempt(
            *("pkeyutl", "-verify", "-pubin", "-inkey", self.public, "-in", self.input),
            *("-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{ident}"),
            *("-sigfile", self.other),
        )
        return done.returncode == 0

    def encrypt(self, plaintext: bytes) -> bytes:
        """Lets the program encrypt."""
        self.input.write_bytes(plaintext)
        options = ("-pubin", "-inkey", self.public, "-in", self.input)
        return openssl.run("pkeyutl", "-encrypt", *options)

    def decrypt(self, ciphertext: bytes) -> bytes:
        """Lets the program decrypt."""
        self.input.write_bytes(ciphertext)
        options = ("-inkey", self.private, "-in", self.input)
        return openssl.run("pkeyutl", "-decrypt", *options)


@pytest.fixture
def peer(tmp_path: Path) -> Peer:
    """The program with a fresh key."""
    return Peer(tmp_path)


def test_the_programs_key_files_are_read(peer: Peer, provider: Sm2Provider) -> None:
    """Private, public and SEC1 files of the program give one key."""
    key = PrivateKey.from_pem(peer.private.read_bytes())
    assert key.public == PublicKey.from_pem(peer.public.read_bytes())
    sec1 = openssl.run("ec", "-in", peer.private)
    assert PrivateKey.from_pem(sec1) == key
    with_parameters = openssl.run("ecparam", "-name", "SM2", "-genkey")
    PrivateKey.from_pem(with_parameters)


def test_our_key_files_are_those_of_the_program(peer: Peer) -> None:
    """Written anew, a key file of ours is the program's to the last byte."""
    key = PrivateKey.from_pem(peer.private.read_bytes())
    assert key.to_pem().encode() == peer.private.read_bytes()
    assert key.public.to_pem().encode() == peer.public.read_bytes()
    assert openssl.run("pkey", data=key.to_pem().encode()) == peer.private.read_bytes()


@pytest.mark.parametrize("cipher", ["sm4-cbc", "aes-256-cbc"])
def test_key_files_under_a_password_go_both_ways(cipher: str, peer: Peer) -> None:
    """The program opens ours, and we open the program's."""
    key = PrivateKey.from_pem(peer.private.read_bytes())
    theirs = openssl.run(
        *("pkcs8", "-topk8", "-in", peer.private, "-v2", cipher, "-passout", "pass:pw")
    )
    assert PrivateKey.from_pem(theirs, password=b"pw") == key
    ours = key.to_pem(password=b"pw").encode()
    opened = openssl.run("pkey", "-passin", "pass:pw", data=ours)
    assert opened == peer.private.read_bytes()


def test_the_fingerprint_is_that_of_the_program(peer: Peer, tmp_path: Path) -> None:
    """It is the SM3 hash of the public key in DER."""
    file = tmp_path / "public.der"
    options = ("-pubin", "-in", peer.public, "-outform", "DER", "-out", file)
    openssl.run("pkey", *options)
    answer = openssl.run("dgst", "-sm3", "-r", file).split()[0].decode()
    assert PublicKey.from_pem(peer.public.read_bytes()).fingerprint() == answer


@pytest.mark.parametrize("ident", [openssl.IDENT, "ALICE123@YAHOO.COM"])
def test_signatures_agree_both_ways(
    ident: str, peer: Peer, provider: Sm2Provider
) -> None:
    """Each verifies the other's, and refuses it under another identifier."""
    key = PrivateKey.from_pem(peer.private.read_bytes())
    for message in (b"m", bytes(3000)):
        theirs = peer.sign(message, ident)
        key.public.verify(message, theirs, ident=ident.encode())
        with pytest.raises(InvalidSignature):
            key.public.verify(message, theirs, ident=b"else")
        ours = key.sign(message, ident=ident.encode())
        assert peer.accepts(message, ours, ident)
        assert not peer.accepts(message + b".", ours, ident)
        assert not peer.accepts(message, ours, "else")


@pytest.mark.parametrize("size", [1, 2, 31, 32, 33, 255, 1000])
def test_ciphertexts_agree_both_ways(
    size: int, peer: Peer, provider: Sm2Provider
) -> None:
    """Each opens the other's."""
    key = PrivateKey.from_pem(peer.private.read_bytes())
    plaintext = bytes(range(256)) * 4
    assert key.decrypt(peer.encrypt(plaintext[:size])) == plaintext[:size]
    assert peer.decrypt(key.public.encrypt(plaintext[:size])) == plaintext[:size]


def test_our_own_keys_serve_the_program(
    peer: Peer, provider: Sm2Provider, tmp_path: Path
) -> None:
    """A key made here signs here and verifies there."""
    key = sm2.generate()
    peer.public.write_text(key.public.to_pem())
    peer.private.write_text(key.to_pem())
    assert peer.accepts(b"m", key.sign(b"m"), openssl.IDENT)
    key.public.verify(b"m", peer.sign(b"m", openssl.IDENT))
    assert peer.decrypt(key.public.encrypt(b"secret")) == b"secret"
