"""What a client and the account say to each other about a call that no answer will ever come to.

Over loopback every connection comes about, so the time that a client would wait for one has to be told. A client of ours
(``worker.unanswered`` in a function's process, ``front_door.inprocess`` in the page) says in a header how long it waits for
a connection; the account says in its answer how much of that is still to be waited, and the client fails as it would on AWS.
"""

WAITS_S = "x-sandbox-connect-timeout"
STILL_S = "x-sandbox-no-connection"
HOST = "x-sandbox-host"  # AWS's name of what was not reached: over loopback every address is the account's
PASSED_S = "x-sandbox-time-passed"  # what the account's clock has been moved on meanwhile, in virtual time
