"""Make the tables that tests copy before the first test wants them.

``python -m tests.prepare sqlite`` or ``postgres``; whoever wants them first makes them
otherwise, and the others wait.
"""

from __future__ import annotations

import sys

from tests import prepared, requires
from tests.postgres import server


def main() -> None:
    """Make one engine's tables; without PostgreSQL's programs there is nothing to do."""
    if sys.argv[1:] == ["sqlite"]:
        prepared.made()
        return
    programs = requires.PARTS["postgres"].find()
    if programs is not None:
        with server(programs) as address:
            prepared.fill_postgres(programs, address)


if __name__ == "__main__":
    main()
