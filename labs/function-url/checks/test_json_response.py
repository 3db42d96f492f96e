"""With a name the answer is 200 and a greeting, without one 400 and an error; both are JSON."""

from urllib.parse import quote

from autograder.checks.expect import expect


def _url(aws, lab):
    return aws("lambda").get_function_url_config(FunctionName=lab.name("function"))["FunctionUrl"]


def test_a_name_is_greeted_in_json(aws, lab, http):
    for name in ("Ada", "Zoë & co"):
        answer = http(f"{_url(aws, lab)}?name={quote(name)}")
        expect(answer.status == 200, f"?name={name} answered {answer.status} {answer.text}; expected 200.")
        expect(
            answer.headers.get("content-type", "").startswith("application/json"),
            f"The header content-type is {answer.headers.get('content-type')!r}; expected application/json.",
        )
        expect(
            answer.json() == {"message": f"Hello, {name}!"},
            f'?name={name} answered {answer.text}; expected {{"message": "Hello, {name}!"}}.',
        )


def test_without_a_name_the_caller_is_told_what_is_missing(aws, lab, http):
    answer = http(_url(aws, lab))
    expect(answer.status == 400, f"Without ?name= the answer is {answer.status} {answer.text}; the caller's mistake is a 400.")
    document = answer.json()
    expect(isinstance(document, dict) and document.get("error"), f'The 400 says {answer.text}; expected {{"error": "…"}}.')
