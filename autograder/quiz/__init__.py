"""The question bank: items with an explanation for every choice, drawn, marked, shown in the book and graded.

``load_items(root, curriculum)`` reads it, ``draw`` picks a learner's items, ``mark`` judges an answer;
``assignment``, ``question`` and ``grade`` make graded work of it. ``predict`` items get their right choice from
``Item.with_output`` once somebody has run the code.
"""

from autograder.quiz.draw import draw, shuffled
from autograder.quiz.item import Item
from autograder.quiz.mark import Mark, mark
from autograder.quiz.read import load_items

__all__ = ["Item", "Mark", "draw", "load_items", "mark", "shuffled"]
