"""A call without a way out ends before the function's time does, with the name of what was not reached, and costs little."""

from autograder.checks.expect import expect


def test_each_call_that_finds_no_way_says_so_in_good_time(session, fresh, ask):
    fresh()
    for what in ("secret", "supplier"):
        began = session.now()
        said = ask(what)
        took_s = session.now() - began
        expect("timed out" not in said, f"Asked for the {what}, the function is ended by Lambda and says nothing: {said}")
        expect(
            "Connect timeout" in said or "answered" in said,
            f"The error should name the host that was not reached; the function says: {said}",
        )
        expect(took_s < 8, f"It takes {took_s:.0f} s to give up: attempts count as well as the time for each.")


def test_its_time_is_not_stretched(aws, lab):
    timeout = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))["Timeout"]
    expect(
        timeout <= 10, f"The function now has {timeout} s. Whatever waits in there is paid for; let the clients give up instead."
    )
