"""The provider is hardware if there is one, then C, then Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from jtsec.crypto import sm2_native, sm2_provider
from jtsec.crypto.exceptions import CryptoError, DecryptionFailed, ProviderUnavailable
from jtsec.crypto.sm2_gmssl import GmsslProvider
from jtsec.crypto.sm2_native import NativeProvider

pytestmark = pytest.mark.clause("A6.3")
native = pytest.mark.skipif(
    not sm2_native.is_installed(), reason="gmssl_pyx is not installed"
)
MODULE = "tests.crypto.test_sm2_provider"


class Card(GmsslProvider):
    """Stands for a hardware module."""

    name = "card"


class Broken(GmsslProvider):
    """Stands for a hardware module whose driver does not answer."""

    def __init__(self) -> None:
        raise OSError("no card in the slot")


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Puts entry points for hardware into the environment of one test."""

    def put(*names: str) -> None:
        found = [
            EntryPoint(name.lower(), f"{MODULE}:{name}", sm2_provider.ENTRY_POINT_GROUP)
            for name in names
        ]
        monkeypatch.setattr(sm2_provider, "entry_points", lambda group: found)
        sm2_provider.active_provider.cache_clear()

    yield put
    sm2_provider.active_provider.cache_clear()


def test_hardware_comes_first(install: Callable[..., None]) -> None:
    """An installed module is used."""
    install("Card")
    assert sm2_provider.active_provider().name == "card"


@pytest.mark.parametrize("names", [["Broken"], ["Missing"], ["MODULE"], ["Card"] * 2])
def test_hardware_that_fails_is_never_replaced_by_software(
    names: list[str], install: Callable[..., None]
) -> None:
    """A driver that fails, is missing, is something else or is double: refused."""
    install(*names)
    with pytest.raises(ProviderUnavailable):
        sm2_provider.active_provider()


@native
def test_the_c_library_comes_before_python(install: Callable[..., None]) -> None:
    """Without hardware the faster of the two is used."""
    install()
    assert list(sm2_provider.software_providers()) == ["gmssl_pyx", "gmssl"]
    assert sm2_provider.active_provider().name == "gmssl_pyx"


def test_python_serves_where_the_c_library_is_absent(
    install: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is optional."""
    install()
    monkeypatch.setattr(sm2_native, "gmssl_pyx", None)
    assert sm2_provider.active_provider().name == "gmssl"
    with pytest.raises(ProviderUnavailable):
        NativeProvider()


def test_without_any_provider_the_answer_is_cannot(
    install: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No library is a typed error."""
    install()
    monkeypatch.setattr(sm2_provider, "software_providers", dict)
    with pytest.raises(ProviderUnavailable):
        sm2_provider.active_provider()


class Failing:
    """Stands for a C library that answers what the test says."""

    class GmsslInnerError(Exception):
        """What the C library raises."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __getattr__(self, name: str) -> Any:
        def call(*_: object) -> Any:
            if self.answer is None:
                raise self.GmsslInnerError(name)
            return self.answer

        return call


def test_an_inner_error_of_the_c_library_is_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing of the library's own leaves the provider; a failed check is False."""
    monkeypatch.setattr(sm2_native, "gmssl_pyx", Failing(None))
    provider = NativeProvider()
    with pytest.raises(CryptoError):
        provider.sign(5, bytes(32))
    with pytest.raises(CryptoError):
        provider.encrypt(1, 1, b"x")
    assert not provider.verify(1, 1, bytes(32), 1, 1)
    sealed = sm2_provider.SealedParts(1, 1, bytes(32), b"x")
    with pytest.raises(DecryptionFailed):
        provider.decrypt(5, sealed)


@pytest.mark.parametrize("answer", [b"\x30\x06\x02\x01\x00\x02\x01\x01", b"", b"\x30"])
def test_a_signature_out_of_range_never_leaves(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zero for r, nothing, or broken DER from the library is an error."""
    monkeypatch.setattr(sm2_native, "gmssl_pyx", Failing(answer))
    with pytest.raises(CryptoError):
        NativeProvider().sign(5, bytes(32))


def test_only_true_is_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A truthy answer of a changed library is not taken for a valid signature."""
    monkeypatch.setattr(sm2_native, "gmssl_pyx", Failing(1))
    assert not NativeProvider().verify(1, 1, bytes(32), 1, 1)
