"""Temporary credentials: who they stand for, which session policies bind them, and when they end on the account's clock."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sandbox.clock import Clock
from sandbox.iam.principal import NamedPolicy, Principal
from sandbox.ids import Ids

SESSIONS_MAX = 20_000
_SWEPT_FROM = 256
_KEEP_EXPIRED_S = 3600.0  # so that a late caller hears ExpiredToken instead of an unknown key


@dataclass(frozen=True, slots=True)
class Credential:
    """An access key. ``session_token`` and ``expires_at`` (epoch seconds, 0: never) are set for temporary ones."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    principal: Principal
    session_token: str = field(default="", repr=False)
    expires_at: float = 0.0
    session_policies: tuple[NamedPolicy, ...] | None = field(default=None, repr=False)


class Sessions:
    """Bounded store of temporary credentials; the expired ones go first, then the oldest.

    A long life makes one for every cold start: what has expired is looked for whenever the store has doubled, so that it holds
    twice what is valid at most.
    """

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._by_key: dict[str, Credential] = {}
        self._sweep_at = _SWEPT_FROM

    def mint(self, principal: Principal, duration_s: float, policies: tuple[NamedPolicy, ...] | None = None) -> Credential:
        if len(self._by_key) >= min(self._sweep_at, SESSIONS_MAX):
            self._make_room()
        key_id = self._ids.access_key_id("ASIA")
        credential = Credential(
            access_key_id=key_id,
            secret_access_key=self._ids.secret(),
            principal=replace(principal, access_key_id=key_id),
            session_token="FwoGZXIvYXdzE" + self._ids.secret(300),
            expires_at=self._clock.now() + duration_s,
            session_policies=policies,
        )
        self._by_key[key_id] = credential
        return credential

    def get(self, access_key_id: str) -> Credential | None:
        return self._by_key.get(access_key_id)

    def clear(self) -> None:
        self._by_key.clear()
        self._sweep_at = _SWEPT_FROM

    def __len__(self) -> int:
        return len(self._by_key)

    def _make_room(self) -> None:
        horizon = self._clock.now() - _KEEP_EXPIRED_S
        for key in [key for key, credential in self._by_key.items() if 0 < credential.expires_at < horizon]:
            del self._by_key[key]
        if len(self._by_key) >= SESSIONS_MAX:
            for key in list(self._by_key)[: SESSIONS_MAX // 10]:
                del self._by_key[key]
        self._sweep_at = max(_SWEPT_FROM, 2 * len(self._by_key))
