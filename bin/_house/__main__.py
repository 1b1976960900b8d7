"""Entry point of the commands in ``bin/``: ``__main__.py COMMAND ARGUMENTS``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _house.cli import main

sys.exit(main(sys.argv[1], sys.argv[2:]))
