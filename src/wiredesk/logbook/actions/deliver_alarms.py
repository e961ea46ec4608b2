"""Carry open alarms out of the house: by mail and to a webhook, with bounded retries."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from smtplib import SMTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk.lib.outbound import OutboundError, fetch
from wiredesk.lib.text import one_line, shorten
from wiredesk.logbook.models import Alarm

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)

ATTEMPTS = 9
FIRST_PAUSE = 10  # seconds; doubled each time, so the last try is after 43 minutes
SECONDS = 10.0  # the longest a webhook may take


def deliver_alarms() -> int:
    """Send each open alarm that is due and wasn't sent yet; gives how many were tried.

    The attempt is counted before anything is sent, so that a crash can't repeat it
    without end. A webhook gets JSON: ``key``, ``text``, ``thing``, ``address``,
    ``raised_at``; any answer of 2xx is success.
    """
    wanted = Q(pk__in=[])
    if settings.WIREDESK_ALARM_MAIL:
        wanted |= Q(mailed_at__isnull=True)
    if settings.WIREDESK_ALARM_WEBHOOK:
        wanted |= Q(posted_at__isnull=True)
    now = timezone.now()
    alarms = Alarm.objects.filter(wanted, cleared_at=None, attempts__lt=ATTEMPTS)
    due = [alarm for alarm in alarms.order_by("pk") if _is_due(alarm, now)]
    for alarm in due:
        Alarm.objects.filter(pk=alarm.pk).update(attempts=F("attempts") + 1)
        if settings.WIREDESK_ALARM_MAIL and alarm.mailed_at is None and _mail(alarm):
            Alarm.objects.filter(pk=alarm.pk).update(mailed_at=timezone.now())
        if settings.WIREDESK_ALARM_WEBHOOK and alarm.posted_at is None and _post(alarm):
            Alarm.objects.filter(pk=alarm.pk).update(posted_at=timezone.now())
    return len(due)


def _is_due(alarm: Alarm, now: datetime) -> bool:
    pause = FIRST_PAUSE * (2**alarm.attempts - 1)
    return now >= alarm.raised_at + timedelta(seconds=pause)


def _mail(alarm: Alarm) -> bool:
    subject = _("Wiredesk: %(text)s") % {"text": one_line(alarm.text) or alarm.key}
    where = f"\n\n{settings.WIREDESK_DESK_URL}{alarm.address or '/desk/'}\n"
    try:
        send_mail(
            shorten(subject, 150),
            f"{alarm.text}{where}",
            None,
            list(settings.WIREDESK_ALARM_MAIL),
        )
    except (SMTPException, OSError) as error:
        logger.warning("Alarm %s could not be mailed: %s", alarm.pk, error)
        return False
    return True


def _post(alarm: Alarm) -> bool:
    address = settings.WIREDESK_ALARM_WEBHOOK
    body = {
        "key": alarm.key,
        "text": alarm.text,
        "thing": alarm.thing,
        "address": alarm.address,
        "raised_at": alarm.raised_at.isoformat(),
    }
    try:
        answer = fetch(
            address,
            method="POST",
            headers={"Content-Type": "application/json"},
            content=json.dumps(body).encode(),
            size_cap=65536,
            seconds=SECONDS,
            # The engineer named it, so it may well be in the newsroom's own network.
            trusted=[urlsplit(address).hostname or ""],
        )
    except OutboundError as error:
        logger.warning("Alarm %s could not be posted: %s", alarm.pk, error)
        return False
    if not 200 <= answer.status < 300:
        logger.warning("Alarm %s was answered %s.", alarm.pk, answer.status)
        return False
    return True
