"""The door through which every submitted notebook comes in, whichever nbgrader command or page started the grading.

nbgrader asks its exporter to read the submission; this one reads it as data and answers with our own notebook, rebuilt. It is
made after the submissions were listed and before any file is copied, so that is when links are set aside.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter

from autograder.gradebook.intake import rebuilt
from autograder.gradebook.quarantine import set_aside


class RebuildingExporter(NotebookExporter):
    """``c.Autograde.exporter_class``. In nbgrader's second pass it reads what it wrote in the first, and changes nothing."""

    def __init__(self, parent: Any = None, **settings: Any) -> None:
        super().__init__(parent=parent, **settings)  # type: ignore[no-untyped-call]
        course = Path(parent.coursedir.root)
        for submission in list(parent.assignments):
            for moved in set_aside(course, course / submission):
                parent.log.warning("Set aside, not graded: %s", moved.name)
            if not (course / submission).is_dir():
                del parent.assignments[submission]

    def from_filename(self, filename: str, resources: Any = None, **_settings: Any) -> Any:
        """Of a submission only the text of file cells is read; a broken one is a notebook without files."""
        course = Path(self.parent.coursedir.root)
        path = course / filename
        names = resources["nbgrader"]
        if path.is_relative_to(course / self.parent.coursedir.submitted_directory):
            source = course / self.parent.coursedir.source_directory / names["assignment"] / f"{names['notebook']}.ipynb"
            notebook = rebuilt(nbformat.read(source, as_version=4), path)
        else:
            notebook = nbformat.read(path, as_version=4)
        return self.from_notebook_node(notebook, resources)  # type: ignore[no-untyped-call]
