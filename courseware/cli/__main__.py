"""``python -m courseware.cli``."""

from __future__ import annotations

import sys

from courseware.cli.main import main

sys.exit(main(sys.argv[1:]))
