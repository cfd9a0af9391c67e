"""The wrapper around gmssl supplies each check that the package leaves out."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from jtsec.crypto import sm2_gmssl, sm3
from jtsec.crypto.curve import GX, GY, B, N, P, is_on_curve
from jtsec.crypto.exceptions import CryptoError, DecryptionFailed, ProviderUnavailable
from jtsec.crypto.sm2_contract import SealedParts
from jtsec.crypto.sm2_gmssl import GmsslProvider

pytestmark = pytest.mark.clause("A6.3")
D = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
DIGEST = bytes(range(32))


def test_the_comparison_of_c3_is_what_refuses_a_flipped_bit(
    pure: GmsslProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the comparison taken out, an altered amount is decrypted as if genuine."""
    parts = pure.encrypt(*pure.public_point(D), b"amount=100")
    c2 = bytes([*parts.c2[:-1], parts.c2[-1] ^ 1])
    altered = parts._replace(c2=c2)
    with pytest.raises(DecryptionFailed):
        pure.decrypt(D, altered)
    monkeypatch.setattr("jtsec.crypto.sm2_gmssl.hmac.compare_digest", lambda *_: True)
    assert pure.decrypt(D, altered) == b"amount=101"


def test_the_curve_check_is_what_refuses_a_point_elsewhere(
    pure: GmsslProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the check taken out, a point of another curve is multiplied by the key."""
    x, y = 5, 7
    assert not is_on_curve(x, y)
    with monkeypatch.context() as patch:
        patch.setattr(sm2_gmssl, "is_on_curve", lambda *_: True)
        x2, y2 = (v.to_bytes(32, "big") for v in pure._multiply_secret(D, x, y))
        mask = sm2_gmssl.derive(x2 + y2, 4)
        parts = SealedParts(x, y, sm3.digest(x2 + b"leak" + y2), _xor(b"leak", mask))
        assert pure.decrypt(D, parts) == b"leak"
    with pytest.raises(DecryptionFailed):
        pure.decrypt(D, parts)


def _xor(left: bytes, right: bytes) -> bytes:
    """Returns the exclusive or."""
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def test_a_mask_of_zeros_is_tried_again_and_never_opened(
    pure: GmsslProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ciphertext that would show its plaintext is neither sent nor accepted."""
    point = pure.public_point(D)
    real, masks = sm2_gmssl.derive, [bytes(4), bytes(4)]

    def first_zeros(shared: bytes, length: int) -> bytes:
        return masks.pop() if masks else real(shared, length)

    monkeypatch.setattr(sm2_gmssl, "derive", first_zeros)
    assert pure.encrypt_with_nonce(*point, b"open", 5) is None
    parts = pure.encrypt(*point, b"open")
    assert not masks
    assert pure.decrypt(D, parts) == b"open"
    masks.append(bytes(4))
    shared = pure.public_point(D * 9 % N)
    x2, y2 = (v.to_bytes(32, "big") for v in shared)
    shown = SealedParts(*pure.public_point(9), sm3.digest(x2 + b"open" + y2), b"open")
    with pytest.raises(DecryptionFailed):
        pure.decrypt(D, shown)


def test_nonces_that_give_the_key_away_are_refused(pure: GmsslProvider) -> None:
    """Zero for r or s, and r + k = n, each ask for another nonce."""
    k = 12345
    x1, _ = pure.public_point(k)
    assert pure.sign_with_nonce(D, ((-x1) % N).to_bytes(32, "big"), k) is None
    assert pure.sign_with_nonce(D, ((-k - x1) % N).to_bytes(32, "big"), k) is None
    r = k * pow(D, -1, N) % N
    assert pure.sign_with_nonce(D, ((r - x1) % N).to_bytes(32, "big"), k) is None


def test_a_refused_nonce_is_followed_by_another(
    pure: GmsslProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signing goes on until a nonce is usable."""
    answers = [None, None, (1, 2)]
    monkeypatch.setattr(pure, "sign_with_nonce", lambda *_: answers.pop(0))
    assert pure.sign(D, DIGEST) == (1, 2)


def test_every_scalar_costs_the_same_number_of_steps(
    pure: GmsslProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Short, sparse and dense scalars take as many doublings and additions."""
    counts = []
    engine = pure._engine
    double, add = engine._double_point, engine._add_point
    for k in (7, 1 << 255, N - 2, (1 << 255) - 1, secrets.randbelow(N - 10) + 5):
        seen = {"double": 0, "add": 0}

        def counted_double(point: str, seen: dict[str, int] = seen) -> str:
            seen["double"] += 1
            return str(double(point))

        def counted_add(one: str, two: str, seen: dict[str, int] = seen) -> str:
            seen["add"] += 1
            return str(add(one, two))

        monkeypatch.setattr(engine, "_double_point", counted_double)
        monkeypatch.setattr(engine, "_add_point", counted_add)
        pure._multiply_secret(k, GX, GY)
        counts.append(seen)
    assert counts == [{"double": 256, "add": 256}] * 5


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6, 7, 8, 9, N - 1, N - 2, N - 3, N // 2])
def test_the_even_multiplication_equals_the_plain_one(
    k: int, pure: GmsslProvider
) -> None:
    """The lengthened scalar gives the same point, at the exceptions too."""
    assert pure._multiply_secret(k, GX, GY) == pure._multiply_public(k, GX, GY)


def test_points_that_meet_in_a_verification_are_added_rightly(
    pure: GmsslProvider,
) -> None:
    """Keys G, -G and 2G lead the shared loop over infinity; each still verifies."""
    for d in (1, 2, 3, N - 2):
        point = pure.public_point(d)
        assert pure.verify(*point, DIGEST, *pure.sign(d, DIGEST))
    # -G has the scalar n-1, which no key may have; the sum is then infinity or not.
    minus = (GX, P - GY)
    assert pure._combine(5, 5, *minus) is None
    assert pure._combine(6, 5, *minus) == (GX, GY)
    assert not pure.verify(*minus, DIGEST, 1, 2)
    assert pure._combine(3, 3, GX, GY) == pure.public_point(6)


def test_a_formula_that_fails_is_an_error_and_no_answer(
    pure: GmsslProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A point that is not on the curve comes out of nothing."""
    wrong = f"{GX:064x}{(GY + 1) % P:064x}"
    monkeypatch.setattr(pure._engine, "_convert_jacb_to_nor", lambda _: wrong)
    with pytest.raises(CryptoError):
        pure.public_point(D)


def test_one_provider_serves_many_threads(pure: GmsslProvider) -> None:
    """Threads that share the provider do not disturb each other."""
    point = pure.public_point(D)

    def work(number: int) -> bool:
        digest = number.to_bytes(32, "big")
        return pure.verify(*point, digest, *pure.sign(D, digest))

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(work, range(24)))


def test_without_the_package_there_is_no_provider(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another package of the same import name is not mistaken for it."""
    monkeypatch.setattr(sm2_gmssl, "CryptSM2", None)
    assert not sm2_gmssl.is_installed()
    with pytest.raises(ProviderUnavailable):
        GmsslProvider()


def test_the_curve_is_the_recommended_one() -> None:
    """The generator is on it and has order n."""
    assert is_on_curve(GX, GY)
    assert (P.bit_length(), N.bit_length(), B % 2) == (256, 256, 1)
    assert GmsslProvider()._multiply_public(N - 1, GX, GY) == (GX, P - GY)
