"""
The one form of a login name that login, lockout and audit share.

A looser look-up than the counter is a way around the lockout: with `iexact` PostgreSQL
finds `admin` for a name written with a dotless i, and every such variant would have a
counter of its own. So the folding is done here, in Python, and what is stored and
compared is the SM3 digest of the folded name: sixty-four characters of hexadecimal,
which every collation of every database compares alike.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError
from jtsec.crypto import sm3
from jtsec.validation.api import FILLERS, is_variation_selector

MAX_LENGTH: Final = 150
TYPED_LIMIT: Final = 1024
"""Longer input names no account; it is not worth the time of folding."""

PUNCTUATION: Final = frozenset(".@+-_")
_DOT_ABOVE: Final = "\u0307"

_LOOKALIKES: Final = str.maketrans(
    # Latin letters that are drawn as others, or nearly so.
    "ıȷɑɡɩſƖǀ"
    # Cyrillic.
    "аһеіјӏорсхуԁԛѕԝьҽғ"
    # Greek.
    "ανοικρυχγτϲϳηω",
    "ijagisll" + "aheijlopcxydqswbef" + "avoikpuxytcjnw",
)

_SHARED_SCRIPTS: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO"})


def canonical_login_name(text: str) -> str:
    """
    Return the login name as it is stored, or refuse one that could be mistaken.

    Args:
        text: the name as somebody wrote it.

    Returns:
        The name after NFKC, stripping and case folding, at most 150 characters.

    Raises:
        InputError: it is empty, too long, or holds white space, a control or invisible
            character, a character that looks like another, or letters of two
            alphabets.
    """
    if len(text) > TYPED_LIMIT:
        raise _refusal(_("The login name is too long."), "too-long")
    _require_visible(text.strip())
    name = _casefolded(text.strip())
    if not name:
        raise _refusal(_("The login name is empty."), "empty")
    if len(name) > MAX_LENGTH:
        raise _refusal(_("The login name is too long."), "too-long")
    _require_visible(name)
    _require_plain_letters(name)
    return name


def fold_login_name(text: str) -> str:
    """
    Return the string under which whatever was typed is counted and looked up.

    Case, width, invisible characters and lookalikes make no difference: a variant of
    a name either is that account with that counter, or no account. Never raises.

    Args:
        text: anything, of any length.

    Returns:
        At most 215 characters, free of control and invisible characters.
    """
    if len(text) > TYPED_LIMIT:
        return _shortened(_folded(text[:MAX_LENGTH]), text)
    folded = _folded(text)
    return folded if len(folded) <= MAX_LENGTH else _shortened(folded, folded)


def login_key(text: str) -> str:
    """Return the digest that the unique column holds for a login name."""
    return sm3.hexdigest(fold_login_name(text).encode())


def is_invisible(character: str) -> bool:
    """Answer whether a character leaves no mark on a page."""
    return (
        unicodedata.category(character) in {"Cc", "Cf", "Cs"}
        or character in FILLERS
        or is_variation_selector(character)
    )


def _casefolded(text: str) -> str:
    """Return Unicode's compatibility caseless form (D146), stripped."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    composed = unicodedata.normalize("NFKC", decomposed).casefold()
    return unicodedata.normalize("NFKC", composed).strip()


def _folded(text: str) -> str:
    """Fold until nothing changes: one step can lay bare what the next one folds."""
    while (folded := _folded_once(text)) != text:
        text = folded
    return text


def _folded_once(text: str) -> str:
    visible = "".join(one for one in text if not is_invisible(one))
    # What is left of a dotted capital I once its case is folded.
    return _casefolded(visible).replace(_DOT_ABOVE, "").translate(_LOOKALIKES)


def _shortened(start: str, whole: str) -> str:
    digest = sm3.hexdigest(whole.encode("utf-8", "surrogatepass"))
    return f"{start[:MAX_LENGTH]}#{digest}"


def _require_visible(name: str) -> None:
    for character in name:
        if is_invisible(character):
            code = f"U+{ord(character):04X}"
            raise _refusal(
                _("The login name holds an invisible character (%(code)s).")
                % {"code": code},
                "invisible",
            )
        if character.isspace():
            raise _refusal(_("The login name holds white space."), "white-space")


def _require_plain_letters(name: str) -> None:
    scripts: set[str] = set()
    for character in name:
        if character in PUNCTUATION or character in "0123456789":
            continue
        if not unicodedata.category(character).startswith("L"):
            raise _strange(character)
        script = unicodedata.name(character, "").partition(" ")[0]
        if script == "LATIN" and character.translate(_LOOKALIKES) != character:
            raise _strange(character)
        scripts.add(script)
    if len(scripts - _SHARED_SCRIPTS) > 1:
        raise _refusal(
            _("The login name mixes letters of different alphabets that look alike."),
            "confusable",
        )


def _strange(character: str) -> InputError:
    return _refusal(
        _("The login name holds %(character)s (U+%(code)s), which is not allowed.")
        % {"character": character, "code": f"{ord(character):04X}"},
        "confusable",
    )


def _refusal(message: str, code: str) -> InputError:
    return InputError(message, field="username", code=code)
