"""Publish what editors scheduled, and take down what they gave an end."""

from __future__ import annotations

from django.core.management import call_command


def keep_schedules() -> None:
    """Do what the clock says of scheduled versions and ends, of stories and pages alike.

    Wagtail finds what is due and calls ``publish`` and ``unpublish``: on a story both
    are the desk's orders, so a schedule lifts no kill and no embargo.
    """
    call_command("publish_scheduled", verbosity=0)
