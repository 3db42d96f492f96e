"""A bad `wait` is the caller's mistake: 400 in JSON, no traceback; good requests are served as before."""

from autograder.checks.expect import expect


def test_a_bad_wait_is_a_400_and_a_good_one_still_works(aws, lab, http):
    url = aws("lambda").get_function_url_config(FunctionName=lab.name("function"))["FunctionUrl"]
    for wait in ("soon", "-1", "nan"):
        answer = http(f"{url}?name=Ada&wait={wait}")
        expect(answer.status != 502, f"wait={wait} still answers 502: the handler raises. Its traceback is in the log.")
        expect(answer.status == 400, f"wait={wait} answered {answer.status} {answer.text}; the caller's mistake is a 400.")
        document = answer.json()
        expect(isinstance(document, dict) and document.get("error"), f'The 400 says {answer.text}; expected {{"error": "…"}}.')
    for query, status in (("?name=Ada&wait=0.1", 200), ("?name=Ada", 200), ("", 400)):
        answer = http(url + query)
        expect(answer.status == status, f"GET …/{query} answered {answer.status} {answer.text}; it must stay {status}.")


def test_a_bug_is_not_hidden_behind_a_400(aws, lab):
    answer = aws("lambda").invoke(
        FunctionName=lab.name("function"), Payload=b'{"queryStringParameters": {"name": "Ada", "wait": []}}'
    )
    expect(
        answer.get("FunctionError"),
        "An error nobody foresaw (here a list where a text belongs) is swallowed too: catch ValueError, not everything.",
    )
