"""``./course bench soak``: does an account's memory stay flat over 100,000 invokes, or over 1,000,000 events (``--events``)?

Invokes: a raw keep-alive client sends signed ones as fast as they are answered; memory is that of the account's whole process
tree. Events: an account in this process and in virtual time, 96 in 100 from a stream, the others from a queue and asynchronous
invocations; the books are checked after every thousand, and ``lost`` is what they do not know as processed in the end.
"""

from __future__ import annotations

import argparse
import json
import socket
import sys
import time
from typing import Any
from urllib.parse import urlsplit

from _event_soak import soak
from _measured import client, role, started, tree_mb, zipped
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

PATH = "/2015-03-31/functions/soak/invocations"
SOURCE = "def handler(event, context):\n    print('seen', event)\n    return {'ok': True}\n"


def signed(account: dict[str, Any], body: bytes) -> bytes:
    """One request as bytes; it stays fresh for five minutes."""
    request = AWSRequest("POST", account["endpoint_url"] + PATH, data=body)
    keys = Credentials(account["aws_access_key_id"], account["aws_secret_access_key"])
    SigV4Auth(keys, "lambda", account["region"]).add_auth(request)
    headers = {
        "Host": urlsplit(account["endpoint_url"]).netloc,
        "Content-Length": str(len(body)),
        **dict(request.headers.items()),
    }
    head = f"POST {PATH} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return head.encode() + b"\r\n" + body


def invoke(connection: socket.socket, request: bytes) -> None:
    connection.sendall(request)
    received = b""
    while not received.endswith(b'{"ok": true}'):
        piece = connection.recv(65536)
        if not piece or not received.startswith(b"HTTP/1.1 200 "[: len(received)]):
            raise SystemExit(f"the account did not answer as it should: {received[:300]!r}")
        received += piece


def measure(invokes: int, steps: int) -> dict[str, Any]:
    with started("_account_process.py") as (account, pid, _):
        lambda_client = client("lambda", account)
        lambda_client.create_function(
            FunctionName="soak",
            Runtime="python3.13",
            Role=role(account),
            Handler="app.handler",
            Code={"ZipFile": zipped(SOURCE)},
        )
        place = urlsplit(account["endpoint_url"])
        memory, begun = [], time.perf_counter()
        with socket.create_connection((place.hostname or "", place.port or 0)) as connection:
            for step in range(steps + 1):
                request = signed(account, b'{"step": %d}' % step)
                for _ in range(invokes // steps if step else 2_000):
                    invoke(connection, request)
                memory.append(round(tree_mb(pid), 1))
                print(f"{step * (invokes // steps):8} invokes: {memory[-1]} MB", file=sys.stderr, flush=True)
                if not step:
                    begun = time.perf_counter()
        seconds = time.perf_counter() - begun
        logs = client("logs", account).describe_log_streams(logGroupName="/aws/lambda/soak")["logStreams"]
        after = round(tree_mb(pid), 1)
    half = len(memory) // 2
    return {
        "invokes": invokes,
        "per_s": round(invokes / seconds, 1),
        "memory_mb": memory,
        "growth_mb": round(memory[-1] - memory[half], 1),
        "after_reading_logs_mb": after,
        "log_streams": len(logs),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Memory of an account over many invokes")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else on standard output")
    parser.add_argument("--invokes", type=int, default=100_000, metavar="N", help="how many (default 100000)")
    parser.add_argument("--events", type=int, nargs="?", const=1_000_000, metavar="N", help="events instead (1000000 without N)")
    args = parser.parse_args()
    if args.events is None:
        result = measure(args.invokes, 10)
    else:
        result = soak(args.events, 10, lambda text: print(text, file=sys.stderr, flush=True))
    if args.json:
        print(json.dumps(result))
        return
    for key, value in result.items():
        print(f"{key:24} {value}")


if __name__ == "__main__":
    main()
