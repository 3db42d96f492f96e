"""The book's own Sphinx extension: live cells, lab steps, facts, quizzes, maps, diagrams, and the parts every page carries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from courseware.sphinx_ext import cited_facts, quiz_index, recorded_pages
from courseware.sphinx_ext.diagram import Diagram
from courseware.sphinx_ext.example_number import ExampleRole
from courseware.sphinx_ext.explorer import Explorer
from courseware.sphinx_ext.facts import FactRole, LimitRole, fact_text, visit_fact_plain, visit_fact_text
from courseware.sphinx_ext.facts_table import FactsTable
from courseware.sphinx_ext.lab_pages import copy_labs
from courseware.sphinx_ext.lab_step import lab_step, skip_lab_step, visit_lab_step
from courseware.sphinx_ext.lean_page import drop_unused_files
from courseware.sphinx_ext.lighten import lighten_theme
from courseware.sphinx_ext.live_cell import (
    LiveCells,
    LiveDirective,
    depart_live_cell,
    live_cell,
    show_outcomes,
    skip,
    visit_live_cell,
)
from courseware.sphinx_ext.markup import depart_markup, markup, pass_by, visit_markup
from courseware.sphinx_ext.module_map import ModuleMap, TopicGoal
from courseware.sphinx_ext.named_toggles import name_toggles
from courseware.sphinx_ext.practice import AssessmentList, LabList
from courseware.sphinx_ext.quiz import Quiz
from courseware.web.fingerprint import files_below, fingerprint

__all__ = ["setup"]

_HERE = Path(__file__).parent


def _assets(folder: Path) -> str:
    return fingerprint(folder, sorted(folder.glob("*.js")) + sorted(folder.glob("*.css")))


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx. Labs are copied here, because the table of contents is read right after."""
    copy_labs(_HERE.parents[1], Path(app.srcdir))
    app.config.templates_path.append(str(_HERE / "templates"))
    app.add_node(live_cell, html=(visit_live_cell, depart_live_cell), latex=(skip, skip), text=(skip, skip))
    app.add_node(lab_step, html=(visit_lab_step, skip), latex=(skip_lab_step, skip), text=(skip_lab_step, skip))
    app.add_node(fact_text, html=(visit_fact_text, skip), latex=(visit_fact_plain, skip), text=(visit_fact_plain, skip))
    app.add_node(markup, html=(visit_markup, depart_markup), latex=(pass_by, pass_by), text=(pass_by, pass_by))
    app.add_directive("live", LiveDirective)
    app.add_directive("quiz", Quiz)
    app.add_directive("module-map", ModuleMap)
    app.add_directive("lab-list", LabList)
    app.add_directive("assessment-list", AssessmentList)
    app.add_directive("facts-table", FactsTable)
    app.add_directive("diagram", Diagram)
    app.add_directive("explorer", Explorer)
    app.add_role("fact", FactRole())
    app.add_role("limit", LimitRole())
    app.add_role("example", ExampleRole())
    app.add_transform(TopicGoal)
    app.add_transform(LiveCells)
    app.add_js_file("live.js", type="module")
    # Sphinx copies static files only when it writes a page; new scripts or styles must therefore count as a change of every page.
    app.add_config_value("course_assets", _assets(Path(app.srcdir) / "assets"), "html")
    # Nor does Sphinx know what this extension makes of a page; where it changes, every page is read again.
    app.add_config_value("course_makers", fingerprint(_HERE, files_below(_HERE)), "env")
    app.connect("html-page-context", drop_unused_files, priority=900)
    app.connect("html-page-context", name_toggles, priority=900)
    for kept in (cited_facts, quiz_index, recorded_pages):
        kept.NOTES.connect(app)
    app.connect("env-get-outdated", recorded_pages.pages_to_record)
    app.connect("env-get-outdated", cited_facts.pages_to_cite_again)
    app.connect("doctree-read", cited_facts.note_cited)
    app.connect("doctree-resolved", show_outcomes)
    app.connect("build-finished", lighten_theme)
    app.connect("build-finished", quiz_index.write_index)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
