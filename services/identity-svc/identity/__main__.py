"""The composition root of identity-svc: `python -m identity run | api | work | migrate | dead-letters | ...`."""

import argparse
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from chassis.errors import Conflict, Fault
from chassis.http import Runtime
from chassis.problems import text_of
from chassis.service import Service
from chassis.settings import load_key_set

from identity.actions.operators import make_operator
from identity.domain.logins import OPERATOR_LOGIN
from identity.domain.operators import ROLES
from identity.domain.passwords import check_password
from identity.gateways import Hasher, Own
from identity.loops import LOOPS, publish_state
from identity.reactions import reactions
from identity.routes import router
from identity.settings import Settings


@asynccontextmanager
async def prepare(runtime: Runtime) -> AsyncIterator[Own]:
    """The hasher, and the keys of access tokens, which may rotate while we run."""
    private, public = runtime.settings.secrets / "signing_keys", runtime.settings.keys / "tokens.json"
    hasher = Hasher()
    try:
        yield Own(
            hasher,
            lambda: load_key_set(private).keys[0],
            lambda: dict(load_key_set(public).as_dict(private=False)),
        )
    finally:
        hasher.close()


async def operator(runtime: Runtime, rest: Sequence[str]) -> None:
    """`operator LOGIN --roles a,b`: make or update an operator; the password comes from stdin."""
    parser = argparse.ArgumentParser(prog="identity operator")
    parser.add_argument("login")
    parser.add_argument("--roles", required=True, help=", ".join(ROLES))
    args = parser.parse_args(rest)
    roles = frozenset(args.roles.split(","))
    if not OPERATOR_LOGIN.fullmatch(args.login) or not roles <= set(ROLES):
        parser.error(f"LOGIN is 3-64 of a-z 0-9 . _ -; roles are {', '.join(ROLES)}")
    try:
        password = check_password(sys.stdin.readline().rstrip("\r\n"), [args.login])
    except Fault as fault:
        parser.error(f"the password (first line of stdin): {text_of(runtime.texts, fault.code, 'en', fault.params)}")
    try:
        changed = await make_operator(runtime.database, runtime.own.hasher, args.login, roles, password)
    except Conflict:
        sys.exit(f"{args.login} belongs, or belonged, to somebody else: take another login")
    sys.stdout.write(f"{args.login}: {'made' if changed else 'unchanged'}\n")


service = Service(
    "identity",
    Settings,
    Path(__file__).parent,
    router,
    reactions,
    LOOPS,
    commands={"operator": operator, "publish-state": publish_state},
    prepare=prepare,
)

if __name__ == "__main__":
    service.main()
