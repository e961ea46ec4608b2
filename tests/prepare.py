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
    match sys.argv[1:]:
        case ["sqlite"]:
            prepared.made()
        case ["postgres"]:
            programs = requires.PARTS["postgres"].find()
            if programs is not None and not prepared.has_postgres():
                with server(programs) as address:
                    prepared.fill_postgres(programs, address)
        case _:
            raise SystemExit("Say whose tables: sqlite or postgres.")


if __name__ == "__main__":
    main()
