"""The verbs of the ring."""

from __future__ import annotations

import copy
import json
import logging
import pickle

import pytest

from jtsec.crypto.exceptions import InvalidSignature
from jtsec.keys import api, holding
from jtsec.keys.api import KeysUnavailable, Purpose, UnknownKey
from jtsec.keys.exceptions import KeyFileCorrupt
from jtsec.keys.format import dump_ring, parse_ring
from jtsec.keys.key import State
from tests import keyring


@pytest.mark.clause("A10.3")
def test_every_purpose_has_a_key_of_its_own():
    """No secret serves two purposes."""
    assert api.missing_purposes() == []
    secrets = [api.active(purpose).secret for purpose in Purpose]
    assert len(set(secrets)) == len(Purpose)
    assert {key.purpose for key in api.key_status()} == set(Purpose)


def test_a_mac_is_verified_under_its_own_key():
    """The id comes with the MAC; another key's does not verify."""
    key_id, mac = api.mac(Purpose.SEAL, b"data")
    assert key_id == "seal-1"
    assert api.mac_with(key_id, b"data") == mac
    api.verify_mac(key_id, b"data", mac)
    with pytest.raises(InvalidSignature):
        api.verify_mac(key_id, b"dato", mac)
    with pytest.raises(InvalidSignature):
        api.verify_mac("ledger-1", b"data", mac)


def test_unknown_ids_and_wrong_kinds_are_refused():
    """Neither a missing key nor one of another algorithm is used."""
    for verb in (api.get, api.gcm, api.keyed_mac):
        with pytest.raises(UnknownKey):
            verb("field-9")
    with pytest.raises(UnknownKey, match="not a key of SM4"):
        api.gcm("seal-1")
    with pytest.raises(UnknownKey, match="HMAC"):
        api.keyed_mac("field-1")


def test_ciphers_are_made_once():
    """The same object until the ring changes."""
    assert api.gcm("field-1") is api.gcm("field-1")
    assert api.keyed_mac("seal-1") is api.keyed_mac("seal-1")
    assert api.signing_key()[1] is api.signing_key()[1]


def turned_ring():
    """Return a ring in which the field key was rotated twice."""
    kept = [k for k in keyring.known_ring() if k.purpose is not Purpose.FIELD]
    states = (State.RETIRED, State.RETIRED, State.ACTIVE)
    return kept + [
        keyring.known_key(Purpose.FIELD, number, state)
        for number, state in enumerate(states, 1)
    ]


def test_old_ids_resolve_after_a_rotation(tmp_path, use):
    """New data gets the active key; the ids in old ciphertexts still lead to theirs."""
    sealed = api.gcm("field-1").encrypt(b"old")
    use(keyring.write(tmp_path / "k", dump_ring(turned_ring(), keyring.CREATED)))
    assert api.active(Purpose.FIELD).id == "field-3"
    assert api.gcm("field-1").decrypt(sealed) == b"old"
    assert [key.id for key in api.every(Purpose.FIELD)] == [
        "field-3",
        "field-1",
        "field-2",
    ]


def test_a_rotation_reaches_a_running_process(key_file, use, monkeypatch):
    """The file is looked at again after a second, and not before."""
    moment = [100.0]
    monkeypatch.setattr(holding, "elapsed", lambda: moment[0])
    use(key_file)
    first = api.active(Purpose.FIELD)
    fresh = key_file.with_name("fresh")
    keyring.write(fresh, dump_ring(turned_ring(), keyring.CREATED))
    fresh.replace(key_file)
    moment[0] += 0.9
    assert api.active(Purpose.FIELD) is first
    moment[0] += 0.2
    assert api.active(Purpose.FIELD).id == "field-3"


@pytest.mark.clause("A10.3")
def test_a_ring_that_was_taken_away_is_no_longer_used(key_file, use, monkeypatch):
    """File gone or opened to others: refused at the next look, not at next start."""
    moment = [100.0]
    monkeypatch.setattr(holding, "elapsed", lambda: moment[0])
    use(key_file)
    api.active(Purpose.FIELD)
    key_file.chmod(0o644)
    moment[0] += 1.1
    with pytest.raises(api.KeyFileExposed):
        api.active(Purpose.FIELD)
    key_file.unlink()
    moment[0] += 1.1
    with pytest.raises(KeysUnavailable):
        api.active(Purpose.FIELD)


@pytest.mark.clause("A10.3")
def test_no_key_shows_in_text(caplog):
    """repr, str, status, errors and logs hold ids; never a byte of a key."""
    key = api.active(Purpose.PEPPER)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("t").warning("%r %s", key, api.key_status())
    shown = caplog.text + repr(api.signing_key()) + repr(vars(key).keys())
    for form in (repr(key.secret), key.secret.hex(), str(key.secret)):
        assert form not in shown


def test_a_key_is_not_pickled():
    """It would lie in a cache or queue in clear."""
    for make in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            make(api.active(Purpose.FIELD))


def resealed(change):
    """Return a file whose content was changed and whose digest fits."""
    from jtsec.keys import format as form

    content = json.loads(dump_ring(keyring.known_ring(), keyring.CREATED))
    del content["digest"]
    change(content)
    content["digest"] = form._digest(content)
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.update(format="jtsec.keys/2"),
        lambda c: c.update(keys={}),
        lambda c: c["keys"].append(c["keys"][0]),
        lambda c: c["keys"].append({**c["keys"][0], "id": "field-2"}),
        lambda c: c["keys"][0].update(purpose="seal"),
        lambda c: c["keys"][0].update(purpose="unheard"),
        lambda c: c["keys"][0].update(algorithm="AES"),
        lambda c: c["keys"][0].update(state="dead"),
        lambda c: c["keys"][0].update(id="Field 1"),
        lambda c: c["keys"][0].update(material="AAAA"),
        lambda c: c["keys"][0].update(material="!!!!"),
        lambda c: c["keys"][0].update(created="yesterday"),
        lambda c: c["keys"][0].update(more=1),
        lambda c: c["keys"][5].update(material="-----BEGIN PRIVATE KEY-----"),
        lambda c: c["keys"][1].update(material=c["keys"][2]["material"]),
    ],
)
def test_what_is_not_a_ring_is_refused(change):
    """Each rule of the form, with a digest that fits."""
    parse_ring(resealed(lambda content: None))
    with pytest.raises(KeyFileCorrupt):
        parse_ring(resealed(change))
