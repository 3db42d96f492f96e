"""Scores to a learning platform: the tool's side of LTI 1.3 Assignment and Grade Services.

1EdTech, "Learning Tools Interoperability Assignment and Grade Services 2.0" (line items, scores) and "Security Framework 1.0",
4.1 (client credentials with a JWT signed by the tool's key).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from autograder.errors import GraderFault, SubmissionError
from sandbox.clock import Clock
from sandbox.ids import Ids

LINE_ITEM_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
_SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
_ASSERTION_SECONDS = 300
_SECONDS_MAX = 30
_PAGES_MAX = 50


@dataclass(frozen=True, slots=True)
class Platform:
    """A registration: ``users`` maps our learners to the platform's user ids (the ``sub`` of their launches)."""

    token_url: str
    line_items_url: str
    client_id: str
    key_id: str
    key: RSAKey
    users: Mapping[str, str]
    audience: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """What a platform is told of one learner; ``final`` is False while a person has yet to score a part."""

    learner: str
    given: float
    maximum: float
    final: bool = True


def load_platform(path: Path) -> Platform:
    """Read a registration; SubmissionError names what is wrong with it."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
        key = RSAKey.import_key((path.parent / document["key_file"]).read_bytes())
        for name in ("token_url", "line_items_url"):
            _check_url(document[name])
        return Platform(
            token_url=document["token_url"],
            line_items_url=document["line_items_url"],
            client_id=document["client_id"],
            key_id=document["key_id"],
            key=key,
            users=document["users"],
            audience=document.get("audience", ""),
        )
    except KeyError as error:
        raise SubmissionError(f"{path} has no {error.args[0]}") from error
    except (OSError, ValueError, JoseError) as error:
        raise SubmissionError(f"{path} is no registration of a platform: {error}") from error


class Passback:
    """A connection to one platform. What the platform refuses is a GraderFault with its answer; nothing is sent twice unasked."""

    def __init__(self, platform: Platform, clock: Clock | None = None) -> None:
        self._platform = platform
        self._clock = clock or Clock()
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {self._token()}"

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()

    def send(self, resource: str, label: str, scores: Iterable[Score]) -> dict[str, str]:
        """Post every score to the line item of ``resource``, made when missing; returns learners left out, with the reason."""
        left_out: dict[str, str] = {}
        item = ""
        for score in scores:
            user = self._platform.users.get(score.learner)
            if user is None:
                left_out[score.learner] = "the registration names no user of the platform for this learner"
                continue
            item = item or self._line_item(resource, label, score.maximum)
            answer = self._call("POST", _scores_url(item), _SCORE_TYPE, self._body(user, score), (404, 422))
            if answer.status_code >= 400:
                left_out[score.learner] = f"the platform refused user {user}: {answer.status_code} {answer.text[:200]}"
        return left_out

    def _token(self) -> str:
        platform, now = self._platform, int(self._clock.now())
        claims = {
            "iss": platform.client_id,
            "sub": platform.client_id,
            "aud": platform.audience or platform.token_url,
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
            "jti": Ids().uuid(),
        }
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION,
            "client_assertion": jwt.encode({"alg": "RS256", "kid": platform.key_id}, claims, platform.key),
            "scope": f"{LINE_ITEM_SCOPE} {SCORE_SCOPE}",
        }
        answer = _checked(
            requests.post(platform.token_url, data=form, timeout=_SECONDS_MAX, allow_redirects=False), "give a token"
        )
        token = answer.json().get("access_token")
        if not isinstance(token, str):
            raise GraderFault(f"{platform.token_url} answered without an access_token")
        return token

    def _line_item(self, resource: str, label: str, maximum: float) -> str:
        found = next((item for item in self._items() if item.get("resourceId") == resource), None)
        if found is None:
            body = {"label": label, "scoreMaximum": maximum, "resourceId": resource, "tag": "grade"}
            found = self._call("POST", self._platform.line_items_url, _ITEM_TYPE, body).json()
        url = str(found["id"])
        if urlsplit(url)[:2] != urlsplit(self._platform.line_items_url)[:2]:
            raise GraderFault(f"the platform names a line item elsewhere ({url}); our token does not go there")
        return url

    def _items(self) -> Iterator[dict[str, Any]]:
        """All pages; the token follows no link to another host."""
        url, home = self._platform.line_items_url, urlsplit(self._platform.line_items_url)[:2]
        for _page in range(_PAGES_MAX):
            answer = self._call("GET", url, _ITEMS_TYPE, None)
            yield from answer.json()
            url = answer.links.get("next", {}).get("url", "")
            if urlsplit(url)[:2] != home:
                return

    def _body(self, user: str, score: Score) -> dict[str, Any]:
        return {
            "userId": user,
            "scoreGiven": score.given,
            "scoreMaximum": score.maximum,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded" if score.final else "PendingManual",
            "timestamp": self._clock.datetime().isoformat(timespec="milliseconds"),
        }

    def _call(self, method: str, url: str, kind: str, body: Any, allowed: tuple[int, ...] = ()) -> requests.Response:
        headers = {"Accept": kind} if body is None else {"Content-Type": kind}
        answer = self._http.request(method, url, json=body, headers=headers, timeout=_SECONDS_MAX, allow_redirects=False)
        return answer if answer.status_code in allowed else _checked(answer, f"take {method} {url}")


def _checked(answer: requests.Response, what: str) -> requests.Response:
    if not 200 <= answer.status_code < 300:
        raise GraderFault(f"the platform did not {what}: {answer.status_code} {answer.text[:300]}")
    return answer


def _scores_url(item: str) -> str:
    """``…/scores`` goes behind the path, before a query (AGS 2.0, 3.4.1)."""
    parts = urlsplit(item)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/scores"))


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise ValueError(f"{url} is not https, and a token would travel in the open")
