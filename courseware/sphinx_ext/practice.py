"""``{lab-list}``: every lab with its module, time and the reader's steps. ``{assessment-list}``: what each gives points for."""

from __future__ import annotations

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from autograder.assessment import Assessment
from autograder.lab import Lab
from courseware.sphinx_ext.content import ROOT, assessments, depends_on_content, labs
from courseware.sphinx_ext.markup import element, markup, prose
from courseware.sphinx_ext.module_map import link_to, progress_cell, scrolling_table
from courseware.toc import parts_of_pages

_CRITERIA = {
    "function": "Function",
    "error-handling": "Errors",
    "least-privilege": "Rights",
    "monitoring": "Monitoring",
    "configuration": "Configuration",
}


class LabList(SphinxDirective):
    """A row a lab, in the order of the book's contents."""

    def run(self) -> list[nodes.Node]:
        depends_on_content(self.env)
        by_page = {f"labs/{lab.slug}": lab for lab in labs()}
        rows = [self._row(by_page[page], part) for page, part in parts_of_pages(ROOT).items() if page in by_page]
        table = scrolling_table("Every lab", ("Lab", "What you do", "Module", "Time", "Steps"), rows)
        return [element("module-map", {"class": "module-map"}, table)]

    def _row(self, lab: Lab, part: str) -> markup:
        name = element("th", {"scope": "row"}, link_to(self.env, f"labs/{lab.slug}", lab.title))
        time = element("td", {"class": "mm-count"}, f"{lab.minutes} min")
        steps = progress_cell("steps", [f"{lab.slug}/{step.id}" for step in lab.steps], "step")
        module = element("td", {"class": "mm-count"}, part)
        return element("tr", {}, name, element("td", {}, prose(lab.goal)), module, time, steps)


class AssessmentList(SphinxDirective):
    """A row an assessment; beside the points of its checks those that a person gives are not counted."""

    def run(self) -> list[nodes.Node]:
        depends_on_content(self.env)
        heads = ("Assessment", *_CRITERIA.values())
        return [scrolling_table("Points of every assessment", heads, [_points(one) for one in assessments()])]


def _points(assessment: Assessment) -> markup:
    points = {criterion.name: f"{criterion.points:g}" for criterion in assessment.criteria}
    name = element("th", {"scope": "row"}, nodes.literal("", assessment.slug))
    return element("tr", {}, name, *(element("td", {"class": "mm-count"}, points.get(key, "none")) for key in _CRITERIA))
