"""nbgrader's own command line, one command after the other in one process: its import alone takes longer than any of them."""

from __future__ import annotations

import json
import os
import sys
import warnings

warnings.simplefilter("ignore")

from nbgrader.apps.nbgraderapp import NbGraderApp  # noqa: E402

for folder, *command in json.loads(sys.stdin.read()):
    os.chdir(folder)
    try:
        NbGraderApp.launch_instance(command)
    except SystemExit as end:
        if end.code:
            sys.exit(f"nbgrader {' '.join(command)} ended with {end.code}")
    NbGraderApp.clear_instance()
