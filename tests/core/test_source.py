"""A client's address: the peer's own word, unless a named proxy speaks for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from django.test import override_settings

from jtsec.core.checks import check_values
from jtsec.core.exceptions import ConfigurationError
from jtsec.core.source import Source, client_source, fingerprint


@pytest.fixture
def behind_proxies() -> Iterator[None]:
    """Name two proxies, and the headers of a gateway."""
    with override_settings(
        JTSEC_SOURCE_TRUSTED_PROXIES=["10.0.0.0/24", "unix"],
        JTSEC_SOURCE_TERMINAL_HEADER="X-Terminal-Id",
        JTSEC_SOURCE_MAC_HEADER="X-Terminal-Mac",
        JTSEC_SOURCE_CERTIFICATE_HEADER="X-Terminal-Certificate",
    ):
        yield


@pytest.mark.clause("A3.2.7")
def test_a_forwarded_header_from_a_stranger_is_not_believed() -> None:
    """Otherwise every guess could come from a new address."""
    meta = {"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}
    assert client_source(meta) == Source("192.0.2.7")


@pytest.mark.usefixtures("behind_proxies")
@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("198.51.100.1, nonsense", "10.0.0.1"),
        ("198.51.100.1, nonsense, 10.0.0.2", "10.0.0.2"),
        ("", "10.0.0.1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("x" * 10_000, "10.0.0.1"),
        ("198.51.100.1\x00", "10.0.0.1"),
    ],
)
def test_the_header_is_read_from_the_right(header: str, address: str) -> None:
    """What stands left of the first stranger the client may have invented."""
    meta = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": header}
    assert client_source(meta).address == address


@pytest.mark.usefixtures("behind_proxies")
def test_a_local_socket_counts_as_a_proxy_only_when_named() -> None:
    """A server behind a socket has no peer address."""
    meta = {"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}
    assert client_source(meta).address == "198.51.100.1"
    with override_settings(JTSEC_SOURCE_TRUSTED_PROXIES=["10.0.0.0/24"]):
        assert client_source(meta).address == ""


@pytest.mark.clause("A3.2.8")
@pytest.mark.usefixtures("behind_proxies")
def test_a_named_proxy_may_name_the_terminal() -> None:
    """The id and the MAC come in normal form."""
    meta = {
        "REMOTE_ADDR": "10.0.0.1",
        "HTTP_X_TERMINAL_ID": "window-07",
        "HTTP_X_TERMINAL_MAC": "00-1A-2B-3C-4D-5E",
    }
    source = client_source(meta)
    assert (source.terminal, source.mac) == ("window-07", "00:1a:2b:3c:4d:5e")
    assert source.key == "terminal:window-07"


@pytest.mark.usefixtures("behind_proxies")
def test_a_stranger_cannot_name_a_terminal() -> None:
    """The header counts only from a named proxy."""
    meta = {"REMOTE_ADDR": "192.0.2.7", "HTTP_X_TERMINAL_ID": "window-07"}
    assert client_source(meta).terminal == ""


@pytest.mark.usefixtures("behind_proxies")
@pytest.mark.parametrize("value", ["a b", "x" * 65, "a\nb", "终端", "a;b"])
def test_a_malformed_terminal_id_is_dropped(value: str) -> None:
    """It would end up in the audit and in a counter's name."""
    meta = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_TERMINAL_ID": value}
    assert client_source(meta).terminal == ""


def test_neighbours_in_one_ipv6_network_share_a_counter() -> None:
    """One client owns 2^64 addresses."""
    one, two = Source("2001:db8::1"), Source("2001:db8::ffff:1")
    assert one.key == two.key == "address:2001:db8::/64"


@pytest.mark.parametrize("address", ["", "nonsense", "999.1.1.1", "1.2.3.4:80"])
def test_an_address_that_is_none_is_left_out(address: str) -> None:
    """No address is better than an invented one."""
    assert client_source({"REMOTE_ADDR": address}).address == ""


@pytest.fixture(scope="module")
def certificate() -> x509.Certificate:
    """Return a terminal's certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "window-07")])
    begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, begin, end)
    return builder.sign(key, SHA256())


@pytest.mark.clause("A4.11")
@pytest.mark.usefixtures("behind_proxies")
def test_a_named_proxy_may_name_the_certificate(certificate: x509.Certificate) -> None:
    """As proxies send it: escaped, on one line, or its fingerprint in any dress."""
    digest = certificate.fingerprint(SHA256()).hex()
    pem = certificate.public_bytes(Encoding.PEM).decode()
    octets = [digest[at : at + 2] for at in range(0, 64, 2)]
    for sent in (
        quote(pem, safe=""),
        pem.replace("\n", " "),
        pem.replace("\n", "\t"),
        digest.upper(),
        ":".join(octets).upper(),
    ):
        meta = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_TERMINAL_CERTIFICATE": sent}
        assert client_source(meta).certificate == digest
        stranger = {**meta, "REMOTE_ADDR": "192.0.2.7"}
        assert client_source(stranger).certificate == ""


def test_a_weak_or_broken_fingerprint_is_none(certificate: x509.Certificate) -> None:
    """SHA-1 is not taken; nor is what is cut off, or no certificate at all."""
    weak = Hash(SHA1())
    weak.update(certificate.public_bytes(Encoding.DER))
    pem = certificate.public_bytes(Encoding.PEM).decode()
    for sent in (
        weak.finalize().hex(),
        pem[:200],
        pem.replace("M", "*"),
        "-----BEGIN CERTIFICATE----- -----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----A-----END CERTIFICATE-----",
        "ab" * 31,
        "ab" * 33,
        "zz" * 32,
        "(null)",
        "",
    ):
        assert fingerprint(sent) == ""


@pytest.mark.clause("A3.2.7")
@pytest.mark.parametrize("everybody", ["0.0.0.0/0", "::/0"])
def test_not_everybody_can_be_a_proxy(everybody: str) -> None:
    """Else whoever asks would say where they come from, and be blocked nowhere."""
    named = ["10.0.0.5/32", everybody, "unix"]
    with override_settings(JTSEC_SOURCE_TRUSTED_PROXIES=named, LANGUAGE_CODE="en"):
        with pytest.raises(ConfigurationError, match=everybody):
            client_source({"REMOTE_ADDR": "10.9.9.9"})
        assert [one.id for one in check_values(None)] == ["jtsec.E002"]
