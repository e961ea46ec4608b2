"""Drop indexes that Django makes for each foreign key, where another begins with it.

By their names, which are the same on every engine: altered field by field, SQLite would
build each table anew, and a table of messages loses its triggers by that.
"""

import django.db.models.deletion
from django.db import migrations, models

_SECOND = (
    ("wire_delivery_feed_id_6f9d7bb8", "wire_delivery", "feed_id"),
    ("wire_ledgerline_receipt_id_2a097fa1", "wire_ledgerline", "receipt_id"),
    ("wire_message_delivery_id_127f13e8", "wire_message", "delivery_id"),
)


class Migration(migrations.Migration):
    dependencies = [("wire", "0007_note_when_messages_were_taken")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {name}",
                    f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({column})",
                )
                for name, table, column in _SECOND
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="delivery",
                    name="feed",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="wire.feed",
                    ),
                ),
                migrations.AlterField(
                    model_name="ledgerline",
                    name="receipt",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="wire.receipt",
                    ),
                ),
                migrations.AlterField(
                    model_name="message",
                    name="delivery",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="wire.delivery",
                    ),
                ),
            ],
        )
    ]
