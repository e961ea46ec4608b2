"""Keep a story's search vector in its row on PostgreSQL, not apart from it.

Whether a story matches is looked up in its vector wherever the index alone can't tell.
Fetched from apart, a vector took twice to three times as long; the price is three
kilobytes a story. What is longer than a page still goes apart. Nobody else reads or
writes search entries meanwhile: it takes 20 s for 100,000. Where somebody holds them it
ends after half a minute with PostgreSQL's "canceling statement due to lock timeout" and
nothing changed; stop what still runs of the old version, and start again.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# A column that is made anew is written anew, and so comes to where it belongs now.
IN_THE_ROW = """
    ALTER TABLE delivery_searchentry
        ALTER COLUMN vector TYPE tsvector USING vector || ''::tsvector,
        ALTER COLUMN vector SET STORAGE EXTERNAL,
        SET (toast_tuple_target = 8160)
"""
APART = """
    ALTER TABLE delivery_searchentry
        ALTER COLUMN vector TYPE tsvector USING vector || ''::tsvector,
        ALTER COLUMN vector SET STORAGE EXTENDED,
        RESET (toast_tuple_target)
"""


# What asks for them behind a lock that is waited for waits too.
FOR_SO_LONG = "SET LOCAL lock_timeout = '30s'"
# What the planner knew of a column goes when it is made anew.
KNOW_AGAIN = "ANALYZE delivery_searchentry"


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FOR_SO_LONG)
        schema_editor.execute(IN_THE_ROW)
        schema_editor.execute(KNOW_AGAIN)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FOR_SO_LONG)
        schema_editor.execute(APART)
        schema_editor.execute(KNOW_AGAIN)


class Migration(migrations.Migration):
    dependencies = [("delivery", "0006_smaller_sitemaps")]
    operations = [migrations.RunPython(forwards, backwards)]
