"""Every editorial rule finds what it is there for, says where, and leaves the rest alone."""

from __future__ import annotations

import pytest

TOPIC = "---\ntopic: m1-t1\n---\n# First\n\n{}\n\n```{{quiz}} m1-t1\n```\n"


def test_a_sound_course_has_no_findings_but_what_is_not_written_yet(course):
    for rule in ("topics", "numbers", "links", "alt-texts", "code-width", "spelling", "reading-level"):
        assert course.findings(rule) == []


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (
            "one/first",
            "# First\n```{quiz} m1-t1\n```\n",
            "book/one/first.md:1 needs `topic:` in its front matter, one of m1-t1, m1-t2",
        ),
        ("one/first", "---\ntopic: m1-t2\n---\n# First\n```{quiz} m1-t1\n```\n", "is the page of m1-t1 by its name"),
        ("one/first", "---\ntopic: m1-t1\n---\n# First\n", "ends with its questions: {quiz} m1-t1"),
        ("one/first", TOPIC.format("# Again"), "book/one/first.md:6 has 2 level-one headings"),
        ("one/index", "# One\n", "shows its map: {module-map} m1"),
        ("lost", "# Lost\n", "book/lost.md:0 is not in book/_toc.yml"),
    ],
)
def test_pages_belong_to_a_topic_and_stand_in_the_table_of_contents(course, name, text, says):
    course.page(name, text)
    (found,) = course.findings("topics")
    assert says in found


def test_pages_stand_in_the_order_of_their_topics(course):
    course.page("one/second", "---\ntopic: m1-t2\n---\n# Second\n```{quiz} m1-t2\n```\n")
    course.toc("index", "one/index", "one/second", "one/first")
    assert course.findings("topics") == ["book/_toc.yml:0 pages of m1 do not stand in the order of their topics"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It waits 15 minutes.", "'15 minutes'"),
        ("At most 10,240 MB.", "'10,240 MB'"),
        ("Costs $0.20 for it.", "'$0.20'"),
        ("Retries for\n1\u20136 hours, then.", "'1\u20136 hours'"),
        ("| a |\n|---|\n| 29 s |", "'29 s'"),
        ("```{note}\nUp to 6 MB.\n```", "'6 MB'"),
        ("## 20 % more", "'20 %'"),
        ("A 5-minute wait, or 300-second one.", "'300-second'"),
        ("Lambda tries once more two\nminutes later.", "'two\\nminutes'"),
        ("A queue keeps it for four days unless you say so.", "'four days'"),
    ],
)
def test_a_number_with_a_unit_is_found_wherever_it_stands(course, text, number):
    course.page("one/first", TOPIC.format(text))
    assert any(f"{number} is typed by hand" in found for found in course.findings("numbers"))


@pytest.mark.parametrize(
    "text",
    [
        "It waits {fact}`15 minutes <Q-03>`, {limit}`timeout_s.max`, or {example}`200 ms`.",
        "Wait for five minutes. Lambda serves ten requests a second; in `ten minutes` and at forty-five minutes too.",
        "Since 2025, version 2.0 and python3.14 answer 403 and 502s.",
        "`time.sleep(15) # 15 seconds`",
        "```{code-cell} python\nprint('15 seconds')\n```",
        "[15](https://example.com/15-minutes)",
    ],
)
def test_facts_examples_code_versions_and_statuses_are_left_alone(course, text):
    course.page("one/first", TOPIC.format(text))
    assert course.findings("numbers") == []


@pytest.mark.parametrize("text", ["At most {limit}`timeout_s.max` seconds.", "| {limit}`timeout_s.max` s |", "{fact}`Q-03`\nMB"])
def test_a_unit_after_a_role_that_prints_one_is_found(course, text):
    course.page("one/first", TOPIC.format(text))
    (found,) = course.findings("numbers")
    assert "print their unit" in found


def test_numbers_in_questions_are_found_and_placed(course):
    course.items({"topic": "m1-t1", "level": "apply", "question": "Is it 15 minutes?"})
    (found,) = course.findings("numbers")
    assert found.startswith("assessments/quizzes/m1.yaml:2 item item-0: '15 minutes'")


@pytest.mark.parametrize(
    ("attributes", "words", "count"),
    [("", "6 MB", 1), ('data-fact="Q-08"', "6 MB", 0), ('data-fact="Q-08"', "7 MB", 1), ('data-example=""', "9 MB", 0)],
)
def test_numbers_in_diagrams_rest_on_facts_or_are_marked(course, attributes, words, count):
    course.write("book/figures/f.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><text {attributes}>{words}</text></svg>')
    assert len(course.findings("numbers")) == count


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("[](second.md)", "leads to no page of the book"),
        ("[the lab](../labs/none.md)", "leads to no page of the book"),
        ("[there](#nowhere)", "no heading #nowhere"),
        ("[here](index.md)", "the words 'here' do not say"),
        ("[AWS](http://example.com)", "is not https"),
    ],
)
def test_a_link_leads_somewhere_and_says_where(course, link, says):
    course.page("one/first", TOPIC.format(f"Words.\n{link}"))
    (found,) = course.findings("links")
    assert says in found
    assert found.startswith("book/one/first.md:7")


def test_links_to_pages_headings_and_the_web_are_fine(course):
    course.page("one/first", TOPIC.format("## A part, of it\n[](index.md) [that part](#a-part-of-it) [AWS](https://example.com)"))
    assert course.findings("links") == []


@pytest.mark.parametrize(
    ("picture", "says"),
    [
        ("![](x.png)", "too short"),
        ("```{diagram} x.svg\n:alt: A queue\n```", "'A queue' is too short"),
        ("```{diagram} x.svg\n:alt: Diagram of a queue that feeds a function, and a dead-letter queue\n```", "everybody knows"),
    ],
)
def test_a_picture_says_in_words_what_it_shows(course, picture, says):
    course.page("one/first", TOPIC.format(picture))
    (found,) = course.findings("alt-texts")
    assert says in found


@pytest.mark.parametrize(("word", "better"), [("behavior", "behaviour"), ("recieve", "receive"), ("optimize", "optimise")])
def test_words_are_spelt_right_and_as_in_britain(course, word, better):
    course.page("one/first", TOPIC.format(f"It will\n{word} so. The program can check `color`, too."))
    assert course.findings("spelling") == [f"book/one/first.md:7 '{word}': write {better}"]


def test_a_sentence_that_does_not_end_is_found(course):
    course.page("one/first", TOPIC.format("Short one. " + "and on it goes " * 12 + "."))
    (found,) = course.findings("reading-level")
    assert "a sentence of 48 words (and on it goes and on …)" in found


def test_a_page_of_long_words_reads_heavily(course):
    course.page("one/first", TOPIC.format("Comprehensive organisational infrastructure considerations. " * 50))
    (found,) = course.findings("reading-level")
    assert "LIX" in found


@pytest.mark.parametrize("fence", ["```{code-cell} python\n:tags: [setup]", "```{live}", "```{code-block} sh", "```sh"])
def test_a_line_of_code_that_its_box_has_no_room_for_is_found(course, fence):
    line = 6 + fence.count("\n") + 2
    course.page("one/first", TOPIC.format(f"{fence}\n{'a' * 94}\n{'b' * 95}\n```\n\n{'A long sentence. ' * 9}"))
    assert course.findings("code-width") == [
        f"book/one/first.md:{line} line 2 of this code has 95 letters and its box room for 94: wrap it"
    ]


def test_solutions_twins_and_questions_keep_to_the_same_width(course):
    course.lab(["m1-t1"])
    course.write("labs/a-lab/solution/step-0.py", f"x = 1\ny = '{'y' * 90}'\n")
    course.write("labs/a-lab/faulty/wrong/step-0.py", f"y = '{'y' * 90}'\n")
    course.items({"topic": "m1-t1", "level": "apply", "question": f"Q\n  code: {'z' * 89}"})
    assert [found.split(" ")[0] for found in course.findings("code-width")] == [
        "assessments/quizzes/m1.yaml:2",
        "labs/a-lab/faulty/wrong/step-0.py:1",
        "labs/a-lab/solution/step-0.py:2",
    ]


def test_an_objective_is_tested_by_more_than_memory_and_by_a_lab(course):
    course.items({"topic": "m1-t1", "level": "apply", "question": "Q"}, {"topic": "m1-t2", "level": "remember", "question": "Q"})
    course.lab(["m1-t1"])
    assert course.findings("objectives") == [
        "book/curriculum.toml:0 m1-t2: no lab step names it in its topics",
        "book/curriculum.toml:0 m1-t2: no quiz item of level apply or diagnose tests it",
    ]


def test_a_lab_step_names_topics_that_are_there(course):
    course.lab(["m1-t1", "m9-t9"], [])
    assert [found for found in course.findings("objectives") if "lab.toml" in found] == [
        "labs/a-lab/lab.toml:0 step step-0 names m9-t9; topics are in book/curriculum.toml",
        "labs/a-lab/lab.toml:0 step step-1 names no topic; topics are in book/curriculum.toml",
    ]


def test_a_module_is_told_what_it_lacks(course):
    course.items({"topic": "m1-t1", "level": "apply", "question": "Q"})
    found = " ".join(course.findings("completeness"))
    for lack in ("m1-t2 has no page", "has 1 quiz items; 12", "level remember", "in 0 labs", "no quiz page", "'Exam tips'"):
        assert lack in found
