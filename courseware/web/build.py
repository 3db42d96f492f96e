"""Builds the front end: npm parts, the in-page runtime, the bundles. Idempotent by content; offline when nothing changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from courseware.web.fingerprint import files_below, fingerprint, installed, once
from courseware.web.node import run_node, run_npm
from courseware.web.runtime_bundle import OURS, archives, write_foundation, write_ours
from sandbox.facts import limits

Report = Callable[[str], None]


def build(root: Path, report: Report) -> None:
    """Bring ``book/assets`` up to date; ``report`` is told what takes time. LearnerError says what to mend."""
    web, assets = root / "courseware" / "web", root / "book" / "assets"
    stamps = assets / ".stamps"
    lock = fingerprint(root, [web / "package.json", web / "package-lock.json"])

    def install() -> None:
        report("front end: installing npm parts")
        run_npm("ci", "--loglevel=error", cwd=web)

    def foundation() -> None:
        report("front end: packing Python, boto3 and the AWS services for the page (about 30 s)")
        write_foundation(web, assets)

    def ours() -> None:
        report("front end: packing the account for the page")
        write_ours(root, web, assets)

    def bundles() -> None:
        report("front end: bundling the editor and the components")
        sizes = {name: [archive.path, archive.size_bytes] for name, archive in archives(assets).items()}
        (assets / ".archives.json").write_text(json.dumps(sizes), "utf-8")
        (assets / ".limits.json").write_text(json.dumps({name: asdict(limit) for name, limit in limits().items()}), "utf-8")
        run_node(web / "bundle.mjs", assets, cwd=web)

    packers = [web / "pack.mjs", web / "runtime_bundle.py", web / "third_party.py"]
    once(web / "node_modules" / ".course-stamp", lock, [web / "node_modules" / "pyodide"], install)
    once(stamps / "foundation", fingerprint(root, packers, lock, installed()), _published(assets, "foundation"), foundation)
    own = fingerprint(root, [*packers, *files_below(*(root / name for name in OURS))], lock)
    once(stamps / "ours", own, _published(assets, "ours"), ours)
    scripts = [web / "bundle.mjs", web / "explorers.mjs", *files_below(web / "src")]
    sources = fingerprint(root, [*scripts, root / "sandbox" / "facts.toml"], lock, _names(assets))
    built = [assets / "live.js", assets / "course.css", assets / "explorers" / "built.json"]
    once(stamps / "bundles", sources, built, bundles)


def _published(assets: Path, kind: str) -> list[Path]:
    marker = assets / f".{kind}"
    return [assets / marker.read_text("utf-8")] if marker.is_file() else [marker]


def _names(assets: Path) -> str:
    return "\n".join((assets / f".{kind}").read_text("utf-8") for kind in ("foundation", "ours"))
