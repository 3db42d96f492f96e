"""Tests use a learner's folder and an AWS environment of their own, never those of the person who runs them."""

from __future__ import annotations

import os
import tempfile

_FOLDER = tempfile.TemporaryDirectory(prefix="course-tests-")
os.environ["COURSE_STATE"] = _FOLDER.name
for _name in [name for name in os.environ if name.startswith(("AWS_", "COURSE_CONTROL_"))]:
    del os.environ[_name]
