"""
SM2 key files: PEM around DER, as the `openssl` program reads and writes them.

    PUBLIC KEY              SubjectPublicKeyInfo, RFC 5480
    PRIVATE KEY             PKCS#8, RFC 5208, around SEC1
    ENCRYPTED PRIVATE KEY   PKCS#8 under PBES2, RFC 8018
    EC PRIVATE KEY          SEC1, RFC 5915; also labelled SM2 PRIVATE KEY (read only)

The algorithm is id-ecPublicKey with the curve 1.2.156.10197.1.301. Points are written
in full, 04 ‖ x ‖ y, and read so.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from jtsec.crypto import der, sm2_sealed_keyfile
from jtsec.crypto.der import MalformedDer, Reader
from jtsec.crypto.exceptions import CorruptKey, InvalidKey

EC_PUBLIC_KEY: Final = bytes.fromhex("2a8648ce3d0201")  # 1.2.840.10045.2.1
SM2_CURVE: Final = bytes.fromhex("2a811ccf5501822d")  # 1.2.156.10197.1.301
_PARAMETERS: Final = 0xA0
_PUBLIC: Final = 0xA1
_BLOCK: Final = re.compile(
    r"-----BEGIN ([A-Z0-9 ]{1,40})-----[ \t]*\r?\n([A-Za-z0-9+/=\s]*)-----END \1-----"
)
_PARAMETER_LABELS: Final = {"EC PARAMETERS", "SM2 PARAMETERS"}

Point = tuple[int, int]


def to_pem(label: str, content: bytes) -> str:
    """Returns DER as a PEM block with lines of 64."""
    text = base64.b64encode(content).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def public_to_der(x: int, y: int) -> bytes:
    """Returns the SubjectPublicKeyInfo of a point."""
    return der.encode_sequence(_algorithm(), der.encode_bits(_point_to_bytes(x, y)))


def public_from_pem(pem: str | bytes) -> Point:
    """Returns the point in a `PUBLIC KEY` file, or raises `CorruptKey`."""
    label, content = _from_pem(pem)
    if label != "PUBLIC KEY":
        raise CorruptKey(f"a PUBLIC KEY file was expected, not {label}")
    try:
        reader = Reader(content)
        info = reader.sequence()
        reader.end()
        _require_algorithm(info.sequence())
        point = _point_from_bytes(info.bits())
        info.end()
    except MalformedDer as error:
        raise CorruptKey("the public key cannot be parsed") from error
    return point


def private_to_pem(d: int, public: Point, password: bytes | None) -> str:
    """Returns a PKCS#8 file, encrypted if there is a password."""
    content = der.encode_sequence(
        der.encode_integer(0),
        _algorithm(),
        der.encode(der.OCTET_STRING, _private_to_sec1(d, public)),
    )
    if password is None:
        return to_pem("PRIVATE KEY", content)
    sealed = sm2_sealed_keyfile.seal(content, password)
    return to_pem("ENCRYPTED PRIVATE KEY", sealed)


def private_from_pem(
    pem: str | bytes, password: bytes | None
) -> tuple[int, Point | None]:
    """
    Returns the scalar of a private key file, and the public point if it names one.

    Raises:
        CorruptKey: not one of the four forms.
        DecryptionFailed: encrypted, and the password is missing or wrong.
    """
    label, content = _from_pem(pem)
    try:
        if label == "ENCRYPTED PRIVATE KEY":
            content = sm2_sealed_keyfile.open(content, password)
            label = "PRIVATE KEY"
        if label == "PRIVATE KEY":
            return _private_from_pkcs8(content)
        if label in ("EC PRIVATE KEY", "SM2 PRIVATE KEY"):
            return _private_from_sec1(content, curve_known=False)
    except MalformedDer as error:
        raise CorruptKey("the private key cannot be parsed") from error
    raise CorruptKey(f"a private key file was expected, not {label}")


def _from_pem(pem: str | bytes) -> tuple[str, bytes]:
    """Returns label and content of the one key block in a file."""
    try:
        text = pem if isinstance(pem, str) else pem.decode("ascii")
        blocks = [m.groups() for m in _BLOCK.finditer(text)]
        blocks = [b for b in blocks if b[0] not in _PARAMETER_LABELS]
        if len(blocks) != 1:
            raise CorruptKey("a key file holds one PEM block")
        label, body = blocks[0]
        return label, base64.b64decode("".join(body.split()), validate=True)
    except (UnicodeError, binascii.Error) as error:
        raise CorruptKey("a key file is PEM: base64 between two marks") from error


def _algorithm() -> bytes:
    """Returns the AlgorithmIdentifier of SM2 keys."""
    return der.encode_sequence(
        der.encode(der.OBJECT_IDENTIFIER, EC_PUBLIC_KEY),
        der.encode(der.OBJECT_IDENTIFIER, SM2_CURVE),
    )


def _require_algorithm(reader: Reader) -> None:
    """Raises `CorruptKey` unless an AlgorithmIdentifier is that of SM2 keys."""
    if reader.identifier() != EC_PUBLIC_KEY:
        raise CorruptKey("the key is not of an elliptic curve")
    if reader.next_tag() != der.OBJECT_IDENTIFIER or reader.identifier() != SM2_CURVE:
        raise CorruptKey("the key is not of the SM2 curve")
    reader.end()


def _point_to_bytes(x: int, y: int) -> bytes:
    """Returns 04 ‖ x ‖ y."""
    return b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")


def _point_from_bytes(data: bytes) -> Point:
    """Returns the coordinates of 04 ‖ x ‖ y; a single 00 is infinity."""
    if data == b"\0":
        raise InvalidKey("infinity is no public key")
    if len(data) != 65 or data[0] != 4:
        raise CorruptKey("a public point is 04 and two coordinates of 32 bytes")
    return int.from_bytes(data[1:33], "big"), int.from_bytes(data[33:], "big")


def _private_to_sec1(d: int, public: Point) -> bytes:
    """Returns an ECPrivateKey (RFC 5915) with its public point."""
    return der.encode_sequence(
        der.encode_integer(1),
        der.encode(der.OCTET_STRING, d.to_bytes(32, "big")),
        der.encode(_PUBLIC, der.encode_bits(_point_to_bytes(*public))),
    )


def _private_from_pkcs8(content: bytes) -> tuple[int, Point | None]:
    """Returns scalar and point of a PrivateKeyInfo."""
    reader = Reader(content)
    info = reader.sequence()
    reader.end()
    if info.integer() != 0:
        raise CorruptKey("the PKCS#8 version is unknown")
    _require_algorithm(info.sequence())
    return _private_from_sec1(info.octets(), curve_known=True)


def _private_from_sec1(
    content: bytes, *, curve_known: bool
) -> tuple[int, Point | None]:
    """Returns scalar and point of an ECPrivateKey."""
    reader = Reader(content)
    key = reader.sequence()
    reader.end()
    if key.integer() != 1:
        raise CorruptKey("the SEC1 version is unknown")
    scalar = key.octets()
    if len(scalar) != 32:
        raise CorruptKey("an SM2 private scalar has 32 bytes")
    if key.next_tag() == _PARAMETERS:
        curve = Reader(key.read(_PARAMETERS))
        curve_known = curve.identifier() == SM2_CURVE
        curve.end()
    if not curve_known:
        raise CorruptKey("the key is not of the SM2 curve")
    public = None
    if key.next_tag() == _PUBLIC:
        stated = Reader(key.read(_PUBLIC))
        public = _point_from_bytes(stated.bits())
        stated.end()
    key.end()
    return int.from_bytes(scalar, "big"), public
