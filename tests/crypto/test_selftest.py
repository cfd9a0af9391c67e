"""The self-test passes on a whole machine and fails when anything is broken."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm

from jtsec.crypto import selftest, sm2_native, sm2_provider, sm3, sm4
from jtsec.crypto.exceptions import ProviderUnavailable, SelfTestFailed
from jtsec.crypto.sm2_contract import Sm2Provider
from jtsec.crypto.sm2_gmssl import GmsslProvider

pytestmark = pytest.mark.clause("A6.3")


def failed() -> set[str]:
    """Returns the names of the self-tests that fail now."""
    return {result.name for result in selftest.run() if not result.passed}


def test_everything_passes_on_this_machine(capfd: pytest.CaptureFixture[str]) -> None:
    """Each algorithm is asked of each library, and nothing is printed."""
    results = selftest.run()
    assert failed() == set()
    selftest.require_passed()
    names = {result.name for result in results}
    assert names >= {"SM3", "HMAC-SM3", "HKDF-SM3", "SM4", "SM4-CBC", "SM4-GCM"}
    asked = {r.provider for r in results if r.name == "SM2 signature"}
    assert asked >= set(sm2_provider.software_providers())
    assert capfd.readouterr() == ("", "")


def test_a_library_without_sm4_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution's build may lack SM4."""

    def missing(*_: object) -> None:
        raise UnsupportedAlgorithm("SM4")

    monkeypatch.setattr(sm4, "Cipher", missing)
    monkeypatch.setattr(selftest, "Cipher", missing)
    assert failed() == {"SM4", "SM4-CBC", "SM4-GCM"}
    with pytest.raises(SelfTestFailed, match="SM4-GCM"):
        selftest.require_passed()


def test_a_library_without_sm3_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SM3 nothing that needs it passes."""

    def missing(*_: object) -> None:
        raise UnsupportedAlgorithm("SM3")

    monkeypatch.setattr("jtsec.crypto.sm3.hashes.Hash", missing)
    monkeypatch.setattr("jtsec.crypto.sm3.keyed.HMAC", missing)
    assert failed() >= {"SM3", "HMAC-SM3", "HKDF-SM3", "SM2 digest"}


BREAKS: dict[str, tuple[type, str, Callable[..., Any]]] = {
    "SM4-GCM": (sm4.CryptographyGcm, "seal", lambda *_: bytes(80)),
    "HMAC-SM3": (sm3.KeyedMac, "verify", lambda *_: None),
    "SM2 signature": (GmsslProvider, "verify", lambda *_: True),
    "SM2 encryption": (GmsslProvider, "decrypt", lambda *_: b"encryption standard"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_wrong_answer_or_a_check_left_out_fails(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cipher that errs and a check that always says yes are both found."""
    target, method, wrong = BREAKS[name]
    monkeypatch.setattr(target, method, wrong)
    assert failed() == {name}


@pytest.mark.parametrize(
    ("method", "wrong", "name"),
    [
        ("sign", lambda *_: (1, 2), "SM2 signature"),
        ("verify", lambda *_: False, "SM2 signature"),
        ("verify", lambda *_: 1, "SM2 signature"),
        ("decrypt", lambda *_: b"another", "SM2 encryption"),
    ],
)
def test_a_provider_that_errs_fails(
    method: str,
    wrong: Callable[..., Any],
    name: str,
    provider: Sm2Provider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each provider is judged by its own answers."""
    monkeypatch.setattr(type(provider), method, wrong)
    broken = {(r.name, r.provider) for r in selftest.run() if not r.passed}
    assert broken == {(name, provider.name)}


def test_gmssl_with_other_formulas_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another package of the same name with another arithmetic is found."""
    formula = "jtsec.crypto.sm2_gmssl.CryptSM2._double_point"
    monkeypatch.setattr(formula, lambda self, point: point)
    broken = {(r.name, r.provider) for r in selftest.run() if not r.passed}
    assert {("SM2 signature", "gmssl"), ("SM2 encryption", "gmssl")} == broken


def test_no_sm2_at_all_fails_and_is_not_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Missing is failed."""

    def none() -> Sm2Provider:
        raise ProviderUnavailable("none")

    monkeypatch.setattr(sm2_provider, "active_provider", none)
    monkeypatch.setattr(sm2_provider, "software_providers", dict)
    assert failed() == {"SM2"}


def test_a_hardware_provider_in_use_is_tested_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What an entry point brought is asked for the same answers."""

    class Card(GmsslProvider):
        name = "card"

    monkeypatch.setattr(sm2_provider, "active_provider", Card)
    assert "card" in {result.provider for result in selftest.run()}


def test_a_process_without_standard_error_is_tested_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A daemon that closed its descriptors still gets its answers."""

    def closed(_: int) -> int:
        raise OSError("bad file descriptor")

    monkeypatch.setattr(os, "dup", closed)
    assert failed() == set()


@pytest.mark.skipif(not sm2_native.is_installed(), reason="gmssl_pyx is not installed")
def test_a_native_gcm_that_releases_altered_data_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The tag is asked for in each library."""
    real = sm4.NativeGcm.open

    def careless(self: sm4.NativeGcm, *given: bytes) -> bytes:
        try:
            return real(self, *given)
        except Exception:
            return b"released"

    monkeypatch.setattr(sm4.NativeGcm, "open", careless)
    broken = {(r.name, r.provider) for r in selftest.run() if not r.passed}
    assert broken == {("SM4-GCM", "gmssl_pyx")}
