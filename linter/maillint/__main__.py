"""``python -m maillint`` is the ``maillint`` command."""

import sys

from maillint.cli import main

if __name__ == "__main__":
    sys.exit(main())
