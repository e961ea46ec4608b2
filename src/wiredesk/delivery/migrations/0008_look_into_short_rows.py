"""Keep what a search looks through on PostgreSQL in short rows of their own.

Whether a story matches is seen from its lexemes alone. Beside the text and their places
in it they took a page a story; by themselves six stories fit into one, and a walk through
the newest takes two fifths of the time. Places stay in the entry: phrases, and what is
best, are looked up there. Triggers keep the index in step, as they do on SQLite, so that
an entry deleted by a cascade leaves it as well.

It takes ten seconds for 100,000 stories and 170 MB, and nobody else reads or writes the
entries meanwhile. Where somebody holds them it ends after half a minute with PostgreSQL's
"canceling statement due to lock timeout" and nothing changed; stop what still runs of the
old version, and start again. The old version would search these tables without its index
of words, the new one would find no index in the old ones.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# What asks for the entries behind a lock that is waited for waits too.
FOR_SO_LONG = "SET LOCAL lock_timeout = '30s'"
# All of it at once: who asks for more later may wait for one who waits for him.
BY_ITSELF = "LOCK TABLE delivery_searchentry IN ACCESS EXCLUSIVE MODE"

INDEX = (
    """
    CREATE TABLE delivery_searchindex (
        key bigint NOT NULL,
        story_id bigint NOT NULL,
        words tsvector
    ) WITH (toast_tuple_target = 8160)
    """,
    "ALTER TABLE delivery_searchindex ALTER COLUMN words SET STORAGE EXTERNAL",
    """
    INSERT INTO delivery_searchindex
    SELECT key, story_id, strip(vector) FROM delivery_searchentry ORDER BY key
    """,
    "ALTER TABLE delivery_searchindex ADD PRIMARY KEY (key)",
    "DROP INDEX delivery_searchentry_words",
    """
    CREATE INDEX delivery_searchindex_words ON delivery_searchindex
        USING gin (words) WITH (fastupdate = off)
    """,
    """
    CREATE FUNCTION delivery_searchentry_follow() RETURNS trigger
        LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            DELETE FROM delivery_searchindex;
            RETURN NULL;
        END IF;
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM delivery_searchindex WHERE key = OLD.key;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO delivery_searchindex
            VALUES (NEW.key, NEW.story_id, strip(NEW.vector));
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER delivery_searchentry_changed
        AFTER INSERT OR UPDATE OR DELETE ON delivery_searchentry
        FOR EACH ROW EXECUTE FUNCTION delivery_searchentry_follow()
    """,
    """
    CREATE TRIGGER delivery_searchentry_emptied
        AFTER TRUNCATE ON delivery_searchentry
        FOR EACH STATEMENT EXECUTE FUNCTION delivery_searchentry_follow()
    """,
    "ANALYZE delivery_searchindex",
)
INDEX_BACK = (
    "DROP TRIGGER delivery_searchentry_emptied ON delivery_searchentry",
    "DROP TRIGGER delivery_searchentry_changed ON delivery_searchentry",
    "DROP FUNCTION delivery_searchentry_follow()",
    "DROP TABLE delivery_searchindex",
    """
    CREATE INDEX delivery_searchentry_words ON delivery_searchentry
        USING gin (vector) WITH (fastupdate = off)
    """,
)


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _do(schema_editor, INDEX)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _do(schema_editor, INDEX_BACK)


def _do(schema_editor: BaseDatabaseSchemaEditor, statements: tuple[str, ...]) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in (FOR_SO_LONG, BY_ITSELF, *statements):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("delivery", "0007_keep_vectors_in_their_rows")]
    operations = [migrations.RunPython(forwards, backwards)]
