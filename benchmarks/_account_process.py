"""An account in a process of its own, as ``./course account`` runs it: one JSON line when ready."""

from __future__ import annotations

import json

from sandbox.account import Settings, serve

if __name__ == "__main__":
    serve(Settings(seed=1), 0, 0, lambda info: print(json.dumps(info), flush=True))
