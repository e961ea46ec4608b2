"""Notes each request that reaches Django: what the store answers leaves no line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Respond = Callable[[HttpRequest], HttpResponseBase]
PLACE = "COUNTED_REQUESTS"  # the environment's name for the file of lines


class Counted:
    """Stands outermost and writes a line, at once, for each request Django gets."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.place = Path(os.environ[PLACE])

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        line = f"{os.getpid()} {request.method} {request.get_full_path()}\n"
        handle = os.open(self.place, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, line.encode())
        os.close(handle)
        return self.get_response(request)
