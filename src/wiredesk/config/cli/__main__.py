"""Lets ``python -m wiredesk.config.cli`` do what ``wiredesk`` does."""

from __future__ import annotations

from wiredesk.config.cli import main

main()
