"""
Triggers for MySQL and MariaDB.

TRUNCATE asks no trigger there. InnoDB refuses it, and DROP TABLE, for a table that a
foreign key points to; the empty table beside it holds that key and nothing else.
"""

from __future__ import annotations

from .triggers import DAYS, MESSAGE, Protected, Triggers

_REFUSE = f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{MESSAGE}'"


def triggers_of(protected: Protected) -> Triggers:
    """Return the triggers of a table."""
    table = protected.table
    update, delete, guard = f"{table}_no_update", f"{table}_no_delete", f"{table}_guard"
    return Triggers(
        names=(update, delete, guard),
        create=(
            f"CREATE TRIGGER `{update}` BEFORE UPDATE ON `{table}` "
            f"FOR EACH ROW {_REFUSE}",
            f"CREATE TRIGGER `{delete}` BEFORE DELETE ON `{table}` "
            f"FOR EACH ROW {_unless_released(protected)}",
            f"CREATE TABLE `{guard}` (`record_id` {protected.key_type} NULL, "
            f"CONSTRAINT `{guard}_fk` FOREIGN KEY (`record_id`) "
            f"REFERENCES `{table}` (`{protected.key}`)) ENGINE = InnoDB",
        ),
        drop=(
            f"DROP TRIGGER IF EXISTS `{update}`",
            f"DROP TRIGGER IF EXISTS `{delete}`",
            f"DROP TABLE IF EXISTS `{guard}`",
        ),
        list_query=(
            "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS "  # noqa: S608 - constants
            "WHERE EVENT_OBJECT_SCHEMA = DATABASE() "
            f"AND EVENT_OBJECT_TABLE = '{table}' "
            "UNION SELECT TABLE_NAME FROM information_schema.TABLES "
            f"WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '{guard}'"
        ),
    )


def _unless_released(protected: Protected) -> str:
    """
    Return what happens to a row that is to go.

    SYSDATE and not NOW: a session sets the latter with one statement. A condition that
    comes to NULL refuses.
    """
    if not protected.ranges:
        return _REFUSE
    return (
        "IF NOT ((OLD.`at` < CONVERT_TZ(SYSDATE(6), @@session.time_zone, '+00:00') "  # noqa: S608 - constants
        f"- INTERVAL {DAYS} DAY AND OLD.`id` <= (SELECT `last_id` "
        f"FROM `{protected.ranges}` WHERE `first_id` <= OLD.`id` "
        f"ORDER BY `first_id` DESC LIMIT 1)) IS TRUE) THEN {_REFUSE}; END IF"
    )
