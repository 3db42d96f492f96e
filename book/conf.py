"""Plain Sphinx's settings, derived from ``_config.yml``; Jupyter Book, which the book does not depend on, ignores this file."""

from pathlib import Path

import yaml

_root = Path(__file__).parents[1]
_config = yaml.safe_load((_root / "_config.yml").read_text("utf-8"))
_jupyter_book_only = {"jupyter_book", "sphinx_comments"}

project = _config["title"]
author = _config["author"]
copyright = _config["copyright"]  # noqa: A001 - Sphinx's name for it
exclude_patterns = _config["exclude_patterns"]
myst_enable_extensions = _config["parse"]["myst_enable_extensions"]
external_toc_path = "_toc.yml"
external_toc_exclude_missing = _config["only_build_toc_files"]
html_theme = "sphinx_book_theme"
globals().update(_config["sphinx"]["config"])
extensions = [name for name in _config["sphinx"]["config"]["extensions"] if name not in _jupyter_book_only]
