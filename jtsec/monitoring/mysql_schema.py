"""
Reads the schema of MySQL and MariaDB from `information_schema`.

What the user may not see there (a trigger without the privilege TRIGGER, the body of
somebody else's routine) looks missing or changed: that is said, not passed over.
"""

from __future__ import annotations

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from .schema import Kind, Schema, Thing

# Ordered as declared; the length counts where only a beginning is indexed.
COLUMNS: Final = (
    "GROUP_CONCAT(CONCAT(COALESCE(column_name, '?'), COALESCE(CONCAT('(', sub_part, "
    "')'), ''), ' ', COALESCE(collation, '')) ORDER BY seq_in_index SEPARATOR ', ')"
)
QUERIES: Final[tuple[tuple[Kind, str], ...]] = (
    (
        Kind.TABLE,
        "SELECT table_name, table_name, CONCAT_WS(' ', engine, table_collation) "
        "FROM information_schema.tables "
        "WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
    ),
    (
        Kind.COLUMN,
        "SELECT c.table_name, c.column_name, CONCAT_WS(' ', c.column_type, "
        "IF(c.is_nullable = 'YES', 'NULL', 'NOT NULL'), "
        "CONCAT('COLLATE ', c.collation_name), CONCAT('DEFAULT ', c.column_default), "
        "c.extra, c.generation_expression) FROM information_schema.columns c "
        "JOIN information_schema.tables t USING (table_schema, table_name) "
        "WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'",
    ),
    (
        Kind.INDEX,
        "SELECT table_name, index_name, CONCAT(IF(MAX(non_unique), '', 'UNIQUE '), "  # noqa: S608 - constants
        f"MAX(index_type), ' ', {COLUMNS}) FROM information_schema.statistics "
        "WHERE table_schema = DATABASE() GROUP BY table_name, index_name",
    ),
    (
        Kind.FOREIGN,
        "SELECT k.table_name, k.constraint_name, CONCAT('(', GROUP_CONCAT("
        "k.column_name ORDER BY k.ordinal_position), ') REFERENCES ', "
        "MAX(k.referenced_table_name), ' (', GROUP_CONCAT(k.referenced_column_name "
        "ORDER BY k.ordinal_position), ') ', MAX(r.update_rule), ' / ', "
        "MAX(r.delete_rule)) FROM information_schema.key_column_usage k "
        "JOIN information_schema.referential_constraints r "
        "ON r.constraint_schema = k.constraint_schema "
        "AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name "
        "WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL "
        "GROUP BY k.table_name, k.constraint_name",
    ),
    (
        Kind.CHECK,
        "SELECT t.table_name, t.constraint_name, c.check_clause "
        "FROM information_schema.table_constraints t "
        "JOIN information_schema.check_constraints c "
        "ON c.constraint_schema = t.constraint_schema "
        "AND c.constraint_name = t.constraint_name{check_join} "
        "WHERE t.table_schema = DATABASE() AND t.constraint_type = 'CHECK'",
    ),
    (
        Kind.TRIGGER,
        "SELECT event_object_table, trigger_name, CONCAT_WS(' ', action_timing, "
        "event_manipulation, action_order, action_statement) "
        "FROM information_schema.triggers WHERE event_object_schema = DATABASE()",
    ),
    (
        Kind.VIEW,
        "SELECT '', table_name, CONCAT_WS(' ', view_definition, check_option, "
        "security_type) FROM information_schema.views "
        "WHERE table_schema = DATABASE()",
    ),
    (
        Kind.ROUTINE,
        "SELECT '', CONCAT(routine_type, ' ', routine_name), CONCAT_WS(' ', "
        "dtd_identifier, security_type, sql_data_access, "
        "COALESCE(routine_definition, '?'), (SELECT GROUP_CONCAT(CONCAT_WS(' ', "
        "parameter_mode, parameter_name, dtd_identifier) ORDER BY ordinal_position) "
        "FROM information_schema.parameters p WHERE p.specific_schema = "
        "r.routine_schema AND p.specific_name = r.specific_name)) "
        "FROM information_schema.routines r WHERE routine_schema = DATABASE()",
    ),
    (
        Kind.EVENT,
        "SELECT '', event_name, CONCAT_WS(' ', event_type, interval_value, "
        "interval_field, status, event_definition) "
        "FROM information_schema.events WHERE event_schema = DATABASE()",
    ),
)


def read(connection: BaseDatabaseWrapper) -> Schema:
    """Return what the database consists of."""
    found: dict[Thing, str] = {}
    # On MariaDB the name of a check is its table's own, on MySQL the database's.
    check_join = (
        " AND c.table_name = t.table_name"
        if getattr(connection, "mysql_is_mariadb", False)
        else ""
    )
    # A view names its database, and the other one has another name.
    own = f"`{connection.settings_dict['NAME']}`."
    with connection.cursor() as cursor:
        for kind, query in QUERIES:
            cursor.execute(query.replace("{check_join}", check_join))
            for table, name, text in cursor.fetchall():
                words = text.decode() if isinstance(text, bytes) else text or ""
                if kind is Kind.VIEW:
                    words = words.replace(own, "")
                found[Thing(kind, table, name)] = words
    return found
