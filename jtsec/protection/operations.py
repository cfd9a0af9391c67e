"""The migration operation that seals the rows a table already has."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from jtsec.core.exceptions import ConfigurationError

from .declaration import Plan, plan_of
from .existing import seal_rows, unseal_rows


class SealExisting(Operation):
    """
    Seals the rows of a model that became a SealedModel.

        class Migration(migrations.Migration):
            atomic = False          # each batch is committed by itself
            dependencies = [("jtsec", "…"), ("permits", "0007_permit_seal")]
            operations = [SealExisting("permit")]

    It trusts what it finds: run it at the moment that the model gets its seal.
    Reversed, it takes seals and root off.

    Args:
        model_name: the model.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: the column is added by another operation."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Seal what has no seal."""
        using = schema_editor.connection.alias
        if (plan := self._plan(app_label, using, to_state)) is not None:
            seal_rows(plan, using)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Take seals and root off."""
        using = schema_editor.connection.alias
        if (plan := self._plan(app_label, using, to_state)) is not None:
            unseal_rows(plan, using)

    def describe(self) -> str:
        """Return what `migrate` prints."""
        return f"Seal the rows of {self.model_name}"

    def _plan(self, app_label: str, using: str, state: Any) -> Plan | None:
        model = state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(using, model):
            return None
        plan = plan_of(model)
        if plan is None:
            raise ConfigurationError(
                f"{self.describe()}: the model is no SealedModel, or its column "
                "`seal` is not there yet"
            )
        return plan
