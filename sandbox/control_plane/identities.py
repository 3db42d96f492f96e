"""Who is who in the accounts of one world: users, roles, sessions, and every policy that speaks about them.

moto's IAM backend is the truth, so that what the API shows and what the gate applies are the same; temporary credentials are ours
(``sessions.py``), because moto's do not expire and forget their policies. Until IAM is first needed the learner exists only here:
importing moto is most of an account's start-up time.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from sandbox.arn import Arn
from sandbox.clock import Clock
from sandbox.control_plane import managed_policies, organization
from sandbox.control_plane.attached_policies import (
    attached,
    boundary_of,
    default_version,
    parse_document,
    tag_map,
    trusts_service,
)
from sandbox.control_plane.sessions import Credential, Sessions
from sandbox.control_plane.world import World
from sandbox.errors import AwsError
from sandbox.iam.principal import NamedPolicy, PolicyDocument, PolicySet, Principal
from sandbox.ids import Ids
from sandbox.network.ground import Place

LEARNER = "learner"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
_ADMINISTRATOR_DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
FUNCTION_SESSION_S = 12 * 3600


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role as the gate needs it."""

    arn: str
    name: str
    role_id: str
    trust: NamedPolicy
    tags: dict[str, str] = field(default_factory=dict)
    max_session_s: int = 3600


@dataclass(frozen=True, slots=True)
class _Learner:
    credential: Credential
    user_id: str


class Identities:
    """Look-ups are cached by ``revision``, which every IAM, Organizations or CloudFormation write bumps."""

    def __init__(self, world: World, clock: Clock, ids: Ids, *, account_id: str = "123456789012") -> None:
        self.world = world
        self.sessions = Sessions(clock, ids)
        self.revision = 0
        self._clock = clock
        self._ids = ids
        self._learners: dict[str, _Learner] = {}
        self._unsettled: set[str] = set()
        self._keys: dict[str, Credential | None] = {}
        self._policies: dict[tuple[str, str], PolicySet] = {}
        self._cached_revision = 0
        self.account_id = account_id
        self.add_account(account_id)

    def add_account(self, account_id: str) -> Credential:
        """Another account side by side, with a learner of its own; the credential of the one it already has otherwise."""
        if len(account_id) != 12 or not account_id.isdigit():
            raise ValueError(f"an account id has 12 digits: {account_id!r}")
        if account_id not in self._learners:
            user_id = self._ids.unique_id("AIDA")
            arn = f"arn:aws:iam::{account_id}:user/{LEARNER}"
            principal = Principal(kind="user", account_id=account_id, arn=arn, user_id=user_id, user_name=LEARNER)
            credential = Credential(self._ids.access_key_id(), self._ids.secret(), principal)
            self._learners[account_id] = _Learner(credential, user_id)
            self._unsettled.add(account_id)
            self.bump()
        return self._learners[account_id].credential

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(self._learners)

    def learner(self, account_id: str = "") -> Credential:
        return self._learners[account_id or self.account_id].credential

    def bump(self) -> None:
        """Something about identities or policies has changed; whoever cached by ``revision`` asks again."""
        self.revision += 1

    def reset(self) -> None:
        """After the world's reset: the learners are as new, with the same keys; every session is gone."""
        self.sessions.clear()
        self._unsettled = set(self._learners)
        self.bump()

    def settle(self) -> None:
        """Write the learners into moto's IAM; called before moto does anything in this world."""
        for account_id in tuple(self._unsettled):
            learner = self._learners[account_id]
            principal = learner.credential.principal
            backend = self.world.backend("iam", principal.account_id)
            user = backend.create_user(region_name="us-east-1", user_name=LEARNER)
            user.id = learner.user_id
            backend.attach_user_policy(ADMINISTRATOR, LEARNER)
            key = backend.create_access_key(LEARNER)
            backend.access_keys.pop(key.physical_resource_id)
            key.access_key_id = learner.credential.access_key_id
            key.secret_access_key = learner.credential.secret_access_key
            backend.access_keys[key.access_key_id] = key
            self._unsettled.discard(account_id)

    def credential(self, access_key_id: str) -> Credential | None:
        """The credential behind an access key, inactive and deleted keys excepted; the caller checks ``expires_at``."""
        session = self.sessions.get(access_key_id)
        if session is not None:
            return session
        self._forget_if_stale()
        if access_key_id not in self._keys:
            if len(self._keys) > 1000:
                self._keys.clear()
            self._keys[access_key_id] = self._look_up_key(access_key_id)
        return self._keys[access_key_id]

    def policies(self, principal: Principal) -> PolicySet:
        """Everything attached to the caller. A session's own policies are found by ``principal.access_key_id``."""
        self._forget_if_stale()
        key = (principal.arn, principal.access_key_id)
        found = self._policies.get(key)
        if found is None:
            if len(self._policies) > 1000:
                self._policies.clear()
            found = self._policies[key] = self._collect(principal)
        return found

    def managed_policy(self, arn: str) -> PolicyDocument | None:
        """The default version of a managed policy, a customer's or AWS's."""
        account_id = self.account_id if arn.startswith(managed_policies.PREFIX) else _account_of(arn)
        backend = self._iam(account_id) if account_id else None
        if backend is None:
            return None
        managed_policies.complete(backend, arn)
        policy = backend.managed_policies.get(arn)
        return default_version(policy) if policy is not None else None

    def role(self, arn: str) -> Role | None:
        found = self._moto_role(arn)
        if found is None:
            return None
        trust = NamedPolicy("trust", parse_document(found.assume_role_policy_document))
        tags = tag_map(found.tags)
        return Role(arn, found.name, found.id, trust, tags, int(found.max_session_duration or 3600))

    def role_is_assumable(self, arn: str, service: str = "lambda.amazonaws.com") -> bool:
        """Whether the trust policy lets the service assume the role, conditions left aside (AWS checks this at create time)."""
        role = self.role(arn)
        return role is not None and trusts_service(role.trust.document, service)

    def mint(
        self,
        role_arn: str,
        session_name: str,
        *,
        source_function_arn: str = "",
        place: Place | None = None,
        duration_s: float = FUNCTION_SESSION_S,
    ) -> Credential:
        """Temporary credentials of a role, as Lambda gives them to a function; AwsError when there is no such role."""
        return self.open_session(role_arn, session_name, duration_s, source_function_arn=source_function_arn, place=place)

    def open_session(
        self,
        role_arn: str,
        session_name: str,
        duration_s: float,
        *,
        policies: tuple[NamedPolicy, ...] | None = None,
        tags: dict[str, str] | None = None,
        source_function_arn: str = "",
        place: Place | None = None,
    ) -> Credential:
        role = self.role(role_arn)
        if role is None:
            raise AwsError("AccessDenied", f"The role {role_arn} does not exist or may not be assumed", 403)
        account_id = Arn.parse(role_arn).account
        principal = Principal(
            kind="role",
            account_id=account_id,
            arn=f"arn:aws:sts::{account_id}:assumed-role/{role.name}/{session_name}",
            user_id=f"{role.role_id}:{session_name}",
            role_arn=role_arn,
            session_name=session_name,
            tags={**role.tags, **(tags or {})},
            source_function_arn=source_function_arn,
            place=place,
        )
        return self.sessions.mint(principal, duration_s, policies)

    def entity(self, arn: str) -> tuple[Principal, PolicySet] | None:
        """The user, group or role with this ARN as a caller, and its policies: what the policy simulator asks for."""
        account_id = _account_of(arn)
        if account_id in self._unsettled and account_id in self._learners:
            self.settle()
        backend = self._iam(account_id) if account_id else None
        if backend is None:
            return None
        for user in backend.users.values():
            if user.arn == arn:
                principal = self._user_principal(account_id, user)
                return principal, self.policies(principal)
        role = self._moto_role(arn)
        if role is not None:
            principal = Principal("role", account_id, arn, user_id=role.id, role_arn=arn, tags=tag_map(role.tags))
            return principal, self.policies(principal)
        for group in backend.groups.values():
            if group.arn == arn:
                return Principal("user", account_id, arn), PolicySet(identity=attached(group))
        return None

    # -- inside ------------------------------------------------------------------------------------------------------

    def _forget_if_stale(self) -> None:
        if self._cached_revision != self.revision:
            self._keys.clear()
            self._policies.clear()
            self._cached_revision = self.revision

    def _iam(self, account_id: str) -> Any:
        """moto's IAM backend of an account, or None while nothing but the learner can be in it."""
        if account_id in self._unsettled or not self.world.known("iam"):
            return None
        return self.world.backend("iam", account_id)

    def _look_up_key(self, access_key_id: str) -> Credential | None:
        for account_id, learner in self._learners.items():
            backend = self._iam(account_id)
            if backend is None:
                if learner.credential.access_key_id == access_key_id:
                    return learner.credential
                continue
            key = backend.access_keys.get(access_key_id)
            if key is not None and key.status == "Active" and key.user_name in backend.users:
                principal = self._user_principal(account_id, backend.users[key.user_name])
                return Credential(access_key_id, key.secret_access_key, principal)
        return None

    def _user_principal(self, account_id: str, user: Any) -> Principal:
        tags = tag_map(user.tags)
        return Principal("user", account_id, user.arn, user_id=user.id, user_name=user.name, tags=tags)

    def _moto_role(self, arn: str) -> Any:
        account_id = _account_of(arn)
        backend = self._iam(account_id) if account_id else None
        if backend is None:
            return None
        return next((role for role in backend.roles.values() if role.arn == arn), None)

    def _collect(self, principal: Principal) -> PolicySet:
        session = self.sessions.get(principal.access_key_id) if principal.access_key_id else None
        session_policies = session.session_policies if session is not None else None
        with self.world.entered() if self.world.known("iam") else nullcontext():
            levels = organization.service_control(self.world, principal.account_id)
            member = organization.membership(self.world, principal.account_id)
            if principal.kind == "user" and principal.user_name:
                identity, boundary = self._user_policies(principal)
            elif principal.kind == "role" and principal.role_arn:
                holder = self._moto_role(principal.role_arn)
                backend = self._iam(principal.account_id)
                identity = attached(holder) if holder is not None else ()
                boundary = boundary_of(backend, holder)
            else:
                identity, boundary = (), None
        return PolicySet(identity, boundary, session_policies, levels, member)

    def _user_policies(self, principal: Principal) -> tuple[tuple[NamedPolicy, ...], NamedPolicy | None]:
        backend = self._iam(principal.account_id)
        if backend is None:
            known = principal.user_name == LEARNER
            return ((NamedPolicy(ADMINISTRATOR, _ADMINISTRATOR_DOCUMENT),) if known else (), None)
        user = backend.users.get(principal.user_name)
        if user is None:
            return (), None
        found = list(attached(user))
        for group in backend.get_groups_for_user(principal.user_name):
            found += attached(group)
        return tuple(found), boundary_of(backend, user)


def _account_of(arn: str) -> str:
    """Empty when the text is no ARN."""
    try:
        return Arn.parse(arn).account
    except ValueError:
        return ""
