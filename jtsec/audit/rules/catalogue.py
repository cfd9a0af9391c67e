"""The rules there are, in the order of the clause."""

from __future__ import annotations

from typing import Final

from .core_function import CoreFunction
from .dormant_account import DormantAccount
from .failed_integrity import FailedIntegrity
from .high_frequency import HighFrequency
from .many_places import ManyPlaces
from .out_of_hours import OutOfHours
from .rule import Rule
from .unusual_business import UnusualBusiness

HIGH_FREQUENCY: Final = HighFrequency()
OUT_OF_HOURS: Final = OutOfHours()
DORMANT_ACCOUNT: Final = DormantAccount()
MANY_PLACES: Final = ManyPlaces()
UNUSUAL_BUSINESS: Final = UnusualBusiness()
FAILED_INTEGRITY: Final = FailedIntegrity()
CORE_FUNCTION: Final = CoreFunction()

OF_PERSONS: Final[tuple[Rule, ...]] = (
    HIGH_FREQUENCY,
    OUT_OF_HOURS,
    DORMANT_ACCOUNT,
    MANY_PLACES,
    UNUSUAL_BUSINESS,
    CORE_FUNCTION,
)
"""Rules about what somebody does."""

OF_ALL: Final[tuple[Rule, ...]] = (FAILED_INTEGRITY,)
"""Rules about any event, also of commands and of strangers."""

RULES: Final[dict[str, Rule]] = {rule.name: rule for rule in (*OF_PERSONS, *OF_ALL)}
