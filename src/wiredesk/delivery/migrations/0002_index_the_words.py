"""The full-text index beside the search entries: FTS5 on SQLite, tsvector on PostgreSQL.

On SQLite the index reads its text from the entries (external content), and triggers
keep it in step, so that an entry deleted by a cascade leaves the index as well.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# ruff: noqa: S608  (only constants of this module are put in)

COLUMNS = "headline, subheadline, body, names, topics, filters"
NEW = "new.key, new.headline, new.subheadline, new.body, new.names, new.topics, new.filters"
OLD = NEW.replace("new.", "old.")

SQLITE = (
    f"""
    CREATE VIRTUAL TABLE delivery_searchindex USING fts5(
        {COLUMNS},
        content='delivery_searchentry', content_rowid='key',
        tokenize='porter unicode61 remove_diacritics 2'
    )
    """,
    f"""
    CREATE TRIGGER delivery_searchentry_added AFTER INSERT ON delivery_searchentry
    BEGIN
        INSERT INTO delivery_searchindex(rowid, {COLUMNS}) VALUES ({NEW});
    END
    """,
    f"""
    CREATE TRIGGER delivery_searchentry_gone AFTER DELETE ON delivery_searchentry
    BEGIN
        INSERT INTO delivery_searchindex(delivery_searchindex, rowid, {COLUMNS})
        VALUES ('delete', {OLD});
    END
    """,
    f"""
    CREATE TRIGGER delivery_searchentry_changed AFTER UPDATE ON delivery_searchentry
    BEGIN
        INSERT INTO delivery_searchindex(delivery_searchindex, rowid, {COLUMNS})
        VALUES ('delete', {OLD});
        INSERT INTO delivery_searchindex(rowid, {COLUMNS}) VALUES ({NEW});
    END
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER delivery_searchentry_changed",
    "DROP TRIGGER delivery_searchentry_gone",
    "DROP TRIGGER delivery_searchentry_added",
    "DROP TABLE delivery_searchindex",
)

# English stems as FTS5's porter gives, but no stop words: a search for "the who" means it.
POSTGRESQL = (
    """
    CREATE TEXT SEARCH DICTIONARY wiredesk_stem (
        TEMPLATE = pg_catalog.snowball, LANGUAGE = english
    )
    """,
    "CREATE TEXT SEARCH CONFIGURATION wiredesk (COPY = pg_catalog.simple)",
    """
    ALTER TEXT SEARCH CONFIGURATION wiredesk
        ALTER MAPPING FOR asciiword, word, numword WITH wiredesk_stem
    """,
    "ALTER TABLE delivery_searchentry ADD COLUMN vector tsvector",
    """
    CREATE INDEX delivery_searchentry_words ON delivery_searchentry
        USING gin (vector) WITH (fastupdate = off)
    """,
)
POSTGRESQL_BACK = (
    "DROP INDEX delivery_searchentry_words",
    "ALTER TABLE delivery_searchentry DROP COLUMN vector",
    "DROP TEXT SEARCH CONFIGURATION wiredesk",
    "DROP TEXT SEARCH DICTIONARY wiredesk_stem",
)
FORWARDS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
BACKWARDS = {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in FORWARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in BACKWARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_keep_what_search_and_pictures_ask")]
    operations = [migrations.RunPython(forwards, backwards)]
