"""
Reads the schema of PostgreSQL, in the words of its own catalogue.

What is looked at are the schemas of the search path, without what an extension brought.
The foreign keys of PostgreSQL are triggers of its own: they are named only where one
does not fire any more.
"""

from __future__ import annotations

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from .schema import Kind, Schema, Thing

NAME: Final = (
    "CASE WHEN pg_table_is_visible(c.oid) THEN c.relname "
    "ELSE n.nspname || '.' || c.relname END"
)
RELATIONS: Final = """
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace {join}
    WHERE n.nspname = ANY (current_schemas(false)) AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
        AND d.objid = c.oid AND d.deptype = 'e') AND {condition}
"""


def _relations(what: str, condition: str, join: str = "") -> str:
    tail = RELATIONS.format(join=join, condition=condition)
    return f"SELECT {NAME}, {what} {tail}"


IS_TABLE: Final = "c.relkind IN ('r', 'p')"
OF_TABLES: Final[tuple[tuple[Kind, str], ...]] = (
    (
        Kind.TABLE,
        _relations(
            "c.relname, CASE WHEN c.relrowsecurity THEN 'ROW SECURITY' ELSE '' END",
            IS_TABLE,
        ),
    ),
    (
        Kind.COLUMN,
        _relations(
            "a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod), "
            "CASE WHEN a.attnotnull THEN 'NOT NULL' ELSE 'NULL' END, "
            "'COLLATE ' || (SELECT l.collname FROM pg_collation l "
            "WHERE l.oid = a.attcollation AND l.collname <> 'default'), "
            "'DEFAULT ' || pg_get_expr(e.adbin, e.adrelid), "
            "'IDENTITY ' || nullif(a.attidentity::text, ''), "
            "'GENERATED ' || nullif(a.attgenerated::text, ''))",
            f"{IS_TABLE} AND a.attnum > 0 AND NOT a.attisdropped",
            "JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef e "
            "ON e.adrelid = c.oid AND e.adnum = a.attnum",
        ),
    ),
    (
        Kind.INDEX,
        _relations(
            "o.relname, concat_ws(' ', CASE WHEN i.indisunique THEN 'UNIQUE' END, "
            "substring(pg_get_indexdef(o.oid) FROM ' USING (.*)$'), "
            "CASE WHEN NOT i.indisvalid THEN 'INVALID' END)",
            f"{IS_TABLE} AND NOT EXISTS (SELECT FROM pg_constraint k "
            "WHERE k.conindid = o.oid AND k.contype IN ('p', 'u', 'x'))",
            "JOIN pg_index i ON i.indrelid = c.oid "
            "JOIN pg_class o ON o.oid = i.indexrelid",
        ),
    ),
    (
        Kind.TRIGGER,
        _relations(
            "t.tgname, concat_ws(' ', pg_get_triggerdef(t.oid), "
            "CASE t.tgenabled WHEN 'D' THEN 'DISABLED' WHEN 'R' THEN 'REPLICA ONLY' "
            "WHEN 'A' THEN 'ALWAYS' END)",
            f"({IS_TABLE} OR c.relkind = 'v') "
            "AND (NOT t.tgisinternal OR t.tgenabled <> 'O')",
            "JOIN pg_trigger t ON t.tgrelid = c.oid",
        ),
    ),
    (
        Kind.RULE,
        _relations(
            "r.rulename, pg_get_ruledef(r.oid)",
            "r.rulename <> '_RETURN'",
            "JOIN pg_rewrite r ON r.ev_class = c.oid",
        ),
    ),
    (
        Kind.POLICY,
        _relations(
            "p.polname, concat_ws(' ', p.polcmd, p.polpermissive, "
            "pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid))",
            "true",
            "JOIN pg_policy p ON p.polrelid = c.oid",
        ),
    ),
    *(
        (
            kind,
            _relations(
                "k.conname, pg_get_constraintdef(k.oid)",
                f"{IS_TABLE} AND k.contype = '{letter}'",
                "JOIN pg_constraint k ON k.conrelid = c.oid",
            ),
        )
        for kind, letter in (
            (Kind.PRIMARY, "p"),
            (Kind.UNIQUE, "u"),
            (Kind.FOREIGN, "f"),
            (Kind.CHECK, "c"),
            (Kind.EXCLUSION, "x"),
        )
    ),
)
FREE: Final[tuple[tuple[Kind, str], ...]] = (
    (
        Kind.VIEW,
        _relations("pg_get_viewdef(c.oid)", "c.relkind IN ('v', 'm')"),
    ),
    (
        Kind.ROUTINE,
        """
        SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
            CASE WHEN p.prokind = 'a' THEN 'aggregate'
            ELSE pg_get_functiondef(p.oid) END
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = ANY (current_schemas(false)) AND NOT EXISTS (
            SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
            AND d.objid = p.oid AND d.deptype = 'e')
        """,
    ),
    (
        Kind.EVENT,
        "SELECT evtname, concat_ws(' ', evtevent, evtfoid::regproc, evtenabled) "
        "FROM pg_event_trigger",
    ),
)


def read(connection: BaseDatabaseWrapper) -> Schema:
    """Return what the database consists of."""
    found: dict[Thing, str] = {}
    with connection.cursor() as cursor:
        for kind, query in OF_TABLES:
            cursor.execute(query)
            for table, name, text in cursor.fetchall():
                # A table goes by the name that leads to it, schema and all.
                own = table if kind is Kind.TABLE else name
                found[Thing(kind, table, own)] = text
        for kind, query in FREE:
            cursor.execute(query)
            for name, text in cursor.fetchall():
                found[Thing(kind, "", name)] = text
    return found
