"""Anybody can call the URL, without credentials, and gets the function's answer."""

from autograder.checks.expect import expect


def test_a_stranger_gets_the_answer(aws, lab, http):
    url = aws("lambda").get_function_url_config(FunctionName=lab.name("function"))["FunctionUrl"]
    answer = http(url)
    expect(
        answer.status != 403,
        "A caller without credentials gets 403 Forbidden: the function's policy does not allow it. It takes two permissions.",
    )
    expect(answer.status == 200, f"GET {url} answered {answer.status} {answer.text}; expected 200.")
    expect("Hello" in answer.text, f"GET {url} answered {answer.text!r}; expected a text with Hello in it.")
