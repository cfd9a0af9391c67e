"""
Triggers for MySQL and MariaDB.

TRUNCATE asks no trigger there. InnoDB refuses it, and DROP TABLE, for a table that a
foreign key points to; the empty table beside the audit holds that key and nothing else.
"""

from __future__ import annotations

from .triggers import MESSAGE, TABLE, Triggers

UPDATE = f"{TABLE}_no_update"
DELETE = f"{TABLE}_no_delete"
GUARD = f"{TABLE}_guard"
_REFUSE = f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{MESSAGE}'"

TRIGGERS = Triggers(
    names=(UPDATE, DELETE, GUARD),
    create=(
        f"CREATE TRIGGER `{UPDATE}` BEFORE UPDATE ON `{TABLE}` FOR EACH ROW {_REFUSE}",
        f"CREATE TRIGGER `{DELETE}` BEFORE DELETE ON `{TABLE}` FOR EACH ROW {_REFUSE}",
        f"CREATE TABLE `{GUARD}` (`record_id` bigint NULL, "
        f"CONSTRAINT `{GUARD}_fk` FOREIGN KEY (`record_id`) "
        f"REFERENCES `{TABLE}` (`id`)) ENGINE = InnoDB",
    ),
    drop=(
        f"DROP TRIGGER IF EXISTS `{UPDATE}`",
        f"DROP TRIGGER IF EXISTS `{DELETE}`",
        f"DROP TABLE IF EXISTS `{GUARD}`",
    ),
    list_query=(
        "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS "  # noqa: S608 - constants
        f"WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = '{TABLE}' "
        "UNION SELECT TABLE_NAME FROM information_schema.TABLES "
        f"WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '{GUARD}'"
    ),
)
