"""An index of messages' words and topics, by which the desk finds one among many.

On SQLite an FTS5 table that keeps no text of its own, filled by triggers: 0.05 ms a
message, where reading every item took seconds at 100,000 messages.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# ruff: noqa: S608  (only constants of this module are put in)

VALUES = """
    new.id,
    new.headline || ' ' || new.slugline || ' ' || new.guid || ' '
        || coalesce(json_extract(new.item, '$.body_text'), ''),
    coalesce(json_extract(new.item, '$.media_topics'), '')
"""
OLD = VALUES.replace("new.", "old.")
ADD = f"INSERT INTO wire_messageindex(rowid, words, topics) VALUES ({VALUES});"
TAKE = f"""
    INSERT INTO wire_messageindex(wire_messageindex, rowid, words, topics)
    VALUES ('delete', {OLD});
"""
SQLITE = (
    """
    CREATE VIRTUAL TABLE wire_messageindex USING fts5(
        words, topics, content='', tokenize='unicode61 remove_diacritics 2'
    )
    """,
    f"""
    INSERT INTO wire_messageindex(rowid, words, topics)
    SELECT {VALUES} FROM wire_message AS new
    """,
    f"""
    CREATE TRIGGER wire_message_added AFTER INSERT ON wire_message
    BEGIN {ADD} END
    """,
    f"""
    CREATE TRIGGER wire_message_gone AFTER DELETE ON wire_message
    BEGIN {TAKE} END
    """,
    f"""
    CREATE TRIGGER wire_message_changed
    AFTER UPDATE OF headline, slugline, guid, item ON wire_message
    BEGIN {TAKE} {ADD} END
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER wire_message_changed",
    "DROP TRIGGER wire_message_gone",
    "DROP TRIGGER wire_message_added",
    "DROP TABLE wire_messageindex",
)
# Cut, because PostgreSQL refuses to index a text with too many words.
POSTGRESQL = (
    """
    CREATE INDEX wire_message_words ON wire_message USING gin (to_tsvector(
        'simple',
        left(headline || ' ' || slugline || ' ' || guid || ' '
            || coalesce(item ->> 'body_text', ''), 200000)
    ))
    """,
    "CREATE INDEX wire_message_topics ON wire_message USING gin ((item -> 'media_topics'))",
)
POSTGRESQL_BACK = ("DROP INDEX wire_message_topics", "DROP INDEX wire_message_words")
FORWARDS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
BACKWARDS = {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in FORWARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in BACKWARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("wire", "0003_keep_the_polls_cursor")]
    operations = [migrations.RunPython(forwards, backwards)]
