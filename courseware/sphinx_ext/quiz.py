"""``{quiz}``: the bank's items of a topic or a module, readable without JavaScript and answerable with it."""

from __future__ import annotations

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from autograder.errors import ContentError
from autograder.quiz import Item
from autograder.quiz.item import Choices, Match, Numeric, Order
from courseware.sphinx_ext.cited_facts import EVERY, note_facts
from courseware.sphinx_ext.content import curriculum, depends_on_content, items
from courseware.sphinx_ext.expected import order
from courseware.sphinx_ext.markup import element, markup
from courseware.sphinx_ext.predictions import predictions, session, with_outputs
from courseware.sphinx_ext.quiz_answers import Parts, choices_parts, match_parts, numeric_parts, order_parts
from courseware.sphinx_ext.quiz_index import note_items
from courseware.sphinx_ext.recorded_pages import kept_in, note_recordings
from courseware.sphinx_ext.recorder import RecordingError

TASK = {
    "single": "Choose one",
    "multiple": "Choose all that apply",
    "numeric": "Enter a number",
    "order": "Put in order",
    "match": "Match",
    "predict": "Predict the output",
    "fault": "Find the line at fault",
}


class Quiz(SphinxDirective):
    """Argument: ``m2-t4`` or ``m2``. No items there is an error, because a page promised some."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        wanted = self.arguments[0]
        depends_on_content(self.env)
        try:
            found = [item for item in items() if wanted in (item.topic, item.module)]
            known = wanted in curriculum().topics or curriculum().module(wanted)
        except ContentError as error:
            raise self.error(str(error)) from error
        if not found or not known:
            raise self.error(f"the bank has no item for {wanted}: write one in assessments/quizzes/{wanted.split('-')[0]}.yaml")
        shown = [self._item(item, number) for number, item in enumerate(self._with_outputs(found), 1)]
        if any(item.type == "numeric" for item in found):
            note_facts(self.env, [EVERY])  # an answer is a number of a fact or limit that the item does not keep
        note_items(self.env, self.env.docname, [item.id for item in found])
        return [element("quiz-set", {"class": "quiz-set", "data-quiz": wanted}, *shown)]

    def _with_outputs(self, found: list[Item]) -> list[Item]:
        folder = kept_in(self.env)
        note_recordings(self.env, [order(session(item), folder, urgent=True) for item in predictions(found)])
        try:
            return with_outputs(found, folder)
        except (RecordingError, ValueError) as error:
            raise self.error(str(error)) from error

    def _item(self, item: Item, number: int) -> markup:
        parts = self._parts(item)
        name = f"quiz-{item.id}"
        attributes = {
            "class": "quiz-item",
            "id": name,
            "data-item": item.id,
            "data-type": item.type,
            "data-topic": item.topic,
            **parts.attributes,
        }
        task = f"{number}. {TASK[item.type]}"
        question = element("div", {"class": "qi-question", "id": f"{name}-question"}, *self._parsed(item.question))
        if item.code and item.type != "fault":
            question.append(nodes.literal_block(item.code, item.code, language="python"))
        answers = element("details", {"class": "qi-answers"}, element("summary", {}, "Answer and explanations"), *parts.whys)
        if item.explanation:
            answers.append(element("div", {"class": "qi-why", "data-for": "*"}, *self._parsed(item.explanation)))
        head = element("p", {"class": "qi-head"}, task)
        return element("quiz-item", attributes, head, question, *parts.choices, answers)

    def _parts(self, item: Item) -> Parts:
        body = item.body
        if isinstance(body, Choices):
            return choices_parts(item, body, self._parsed)
        if isinstance(body, Numeric):
            return numeric_parts(body, self._parsed)
        if isinstance(body, Order):
            return order_parts(item, body, self._parsed)
        assert isinstance(body, Match)
        return match_parts(body, self._parsed)

    def _parsed(self, text: str) -> list[nodes.Node]:
        holder = nodes.container()
        self.state.nested_parse(StringList(text.splitlines(), source=self.env.docname), self.content_offset, holder)
        return list(holder.children)
