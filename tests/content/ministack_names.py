"""What DNS does on AWS, for an account on this machine: published names of functions and APIs lead to MINISTACK_PORT.

Loaded by the tests and, as text, by the process of a learner's cells; waiting is cut short in both.
"""

import http.client
import os
import time
import urllib.request

_PUBLISHED = (".lambda-url.", ".execute-api.")
_really_sleep = time.sleep  # noqa: TID251 - ministack lives in real time


class PublishedNames(urllib.request.BaseHandler):
    """Before the handlers that would ask a real name server."""

    handler_order = 100

    def https_open(self, request):
        if not any(part in request.host for part in _PUBLISHED):
            return None
        connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["AWS_MINISTACK_PORT"]), timeout=30)
        headers = {**request.unredirected_hdrs, **request.headers, "Host": request.host}
        connection.request(request.get_method(), request.selector, request.data, headers)
        answer = connection.getresponse()
        answer.msg = answer.reason
        return answer

    http_open = https_open  # an HTTP API's address there says http


def short_sleep(seconds):
    _really_sleep(min(seconds, 1.0))


urllib.request.install_opener(urllib.request.build_opener(PublishedNames()))
time.sleep = short_sleep  # noqa: TID251
