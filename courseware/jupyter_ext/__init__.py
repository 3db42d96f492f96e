"""The local server: book, JupyterLab, labs, progress and an account on one loopback origin, as a Jupyter Server extension."""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """What Jupyter Server asks an extension package for."""
    # Imported here: the server is not needed to import this package's neighbours.
    from courseware.jupyter_ext.app import CourseApp  # noqa: PLC0415

    return [{"module": "courseware.jupyter_ext.app", "app": CourseApp}]
