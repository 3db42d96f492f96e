"""A page of the shop may call with every method the API has; a page of anybody else may not."""

from autograder.checks.expect import expect


def test_the_shop_may_call_and_nobody_else(aws, lab, http):
    endpoint = next(row["ApiEndpoint"] for row in aws("apigatewayv2").get_apis()["Items"] if row["Name"] == lab.name("api"))

    def asked(origin, method):
        headers = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "content-type"}
        return http(f"{endpoint}/parts", method="OPTIONS", headers=headers).headers

    for method in ("GET", "POST", "PUT", "DELETE"):
        seen = asked("https://shop.example", method)
        expect(
            "access-control-allow-origin" in seen, "A page of https://shop.example may not call: the preflight allows no origin."
        )
        allowed = [one.strip().upper() for one in seen.get("access-control-allow-methods", "").split(",")]
        expect(method in allowed or "*" in allowed, f"A page of the shop may not {method}: allowed are {', '.join(allowed)}.")
        named = [one.strip().lower() for one in seen.get("access-control-allow-headers", "").split(",")]
        expect(
            "content-type" in named,
            f"JSON needs the header content-type; allowed are {', '.join(filter(None, named)) or 'none'}.",
        )
    origin = asked("https://elsewhere.example", "GET").get("access-control-allow-origin", "")
    expect(not origin, f"A page of https://elsewhere.example may call as well: the origin {origin} is allowed.")
