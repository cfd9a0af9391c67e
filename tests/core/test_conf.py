"""Settings: declared once, read when asked, never weaker than their clause."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from django.test import override_settings

from jtsec.core import conf
from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.exceptions import ConfigurationError
from jtsec.core.rules import at_least, between, one_of


@settings_section("JTSEC_SPECIMEN_")
class SpecimenSettings(Section):
    """Is a section that only these tests know."""

    limit: int = option(
        5, "A limit.", clause="A3.2.6", valid=between(1, 100), floor=between(1, 10)
    )
    length: int = option(
        8,
        "A length.",
        floor=at_least(8),
        by_profile={"internet": 10},
        floor_by_profile={"internet": at_least(10)},
    )
    policy: str = option("refuse", "A policy.", valid=one_of("refuse", "end-oldest"))
    names: tuple[str, ...] = option((), "Names.")


def test_a_default_is_in_force_when_the_project_sets_nothing() -> None:
    """Compliant by default."""
    assert asdict(load(SpecimenSettings)) == {
        "limit": 5,
        "length": 8,
        "policy": "refuse",
        "names": (),
    }


def test_a_changed_setting_takes_effect_at_once() -> None:
    """Nothing is frozen at import."""
    with override_settings(JTSEC_SPECIMEN_LIMIT=3):
        assert load(SpecimenSettings).limit == 3
    assert load(SpecimenSettings).limit == 5


def test_a_profile_changes_the_default() -> None:
    """The internet rules ask for more."""
    with override_settings(JTSEC_PROFILE="internet"):
        assert load(SpecimenSettings).length == 10


@pytest.mark.parametrize("value", ["5", True, 5.0, None])
def test_a_value_of_another_kind_is_refused(value: object) -> None:
    """A limit of True would be a limit of one."""
    with (
        override_settings(JTSEC_SPECIMEN_LIMIT=value),
        pytest.raises(ConfigurationError, match="JTSEC_SPECIMEN_LIMIT"),
    ):
        load(SpecimenSettings)


@override_settings(JTSEC_SPECIMEN_LIMIT=50, DEBUG=False)
def test_a_value_below_its_floor_is_refused_in_operation() -> None:
    """Silencing the check does not lower the floor."""
    with pytest.raises(ConfigurationError, match=r"50 .* 1 .* 10"):
        load(SpecimenSettings)


@override_settings(JTSEC_SPECIMEN_LIMIT=50, DEBUG=True)
def test_a_value_below_its_floor_may_be_tried_under_debug() -> None:
    """The check warns meanwhile."""
    assert load(SpecimenSettings).limit == 50


@override_settings(JTSEC_SPECIMEN_LIMIT=500, DEBUG=True)
def test_an_unusable_value_is_refused_under_debug_too() -> None:
    """What is outside the valid range is no gap but a mistake."""
    with pytest.raises(ConfigurationError):
        load(SpecimenSettings)


@pytest.mark.parametrize("chosen", [None, "", "full", 1])
def test_there_is_no_default_profile(chosen: object) -> None:
    """Choosing a level is the adopter's first act."""
    with override_settings(JTSEC_PROFILE=chosen), pytest.raises(ConfigurationError):
        load(SpecimenSettings)


def test_a_section_cannot_be_changed() -> None:
    """A control cannot be loosened in process."""
    with pytest.raises(AttributeError):
        load(SpecimenSettings).limit = 9  # type: ignore[misc]  # that is the point


@override_settings(JTSEC_SPECIMEN_NAMES=["a", "b"])
def test_a_list_is_handed_out_as_a_tuple() -> None:
    """Nobody can append to the value in force."""
    assert load(SpecimenSettings).names == ("a", "b")


def test_two_sections_cannot_claim_one_prefix() -> None:
    """One name, one meaning."""

    class Other(Section):
        """Is a rival."""

    with pytest.raises(ConfigurationError, match="JTSEC_SPECIMEN_"):
        settings_section("JTSEC_SPECIMEN_")(Other)


@override_settings(JTSEC_SPECIMEN_LIMTI=3)
def test_a_misspelt_name_is_found_with_the_nearest_one() -> None:
    """A misspelt limit protects nobody."""
    assert ("JTSEC_SPECIMEN_LIMTI", "JTSEC_SPECIMEN_LIMIT") in conf.unknown_names()


@pytest.mark.parametrize("profile", sorted(conf.PROFILES))
def test_every_default_satisfies_its_own_floor(profile: str) -> None:
    """Compliant by default, under each profile."""
    for item in conf.declared():
        assert conf.problems_of(item, item.default_for(profile), profile) == []


def test_every_declared_setting_is_explained() -> None:
    """Each has a sentence that ends in a full stop."""
    for item in conf.declared():
        assert item.spec.doc.endswith("."), item.name
