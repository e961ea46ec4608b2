"""Whether the database has every migration: cheap enough to ask at each start."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


def pending_migrations() -> set[tuple[str, str]]:
    """Give (app, migration) of each migration file the database hasn't recorded.

    Compares file names with the record and imports no migration: Django's own
    executor takes a second to build its graph. A replaced migration may be named
    without need; running ``migrate`` then finds nothing to do.
    """
    recorded = set(MigrationRecorder(connection).applied_migrations())
    return _migration_files() - recorded


def _migration_files() -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for config in apps.get_app_configs():
        package = f"{config.name}.migrations"
        try:
            folders = import_module(package).__path__
        except ModuleNotFoundError as error:
            if error.name != package:
                raise
            continue
        found.update(
            (config.label, file.stem)
            for folder in folders
            for file in Path(folder).glob("[!_~]*.py")
        )
    return found
