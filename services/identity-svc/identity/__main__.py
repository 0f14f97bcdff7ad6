"""The composition root of identity-svc: `python -m identity run | api | work | migrate | dead-letters | ...`."""

import argparse
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from chassis.errors import Conflict, Fault
from chassis.http import Runtime
from chassis.problems import text_of
from chassis.service import Service
from chassis.settings import load_key_set
from pydantic import ValidationError

from identity.actions.operators import make_operator
from identity.actions.systems import make_system
from identity.domain.logins import OPERATOR_LOGIN
from identity.domain.operators import ROLES
from identity.domain.passwords import check_password
from identity.domain.systems import SCOPES, Terms
from identity.gateways import Hasher, Own, public_key
from identity.loops import LOOPS, publish_state
from identity.reactions import reactions
from identity.routes import router
from identity.routes.systems import SystemIn
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


async def system(runtime: Runtime, rest: Sequence[str]) -> None:
    """`system NAME --contact MAIL --scopes a,b --key FILE`: make or update a city system; FILE holds its public key."""
    parser = argparse.ArgumentParser(prog="identity system")
    parser.add_argument("name")
    parser.add_argument("--contact", required=True, help="e-mail of who answers for it")
    parser.add_argument("--scopes", required=True, help=", ".join(SCOPES))
    parser.add_argument("--key", required=True, type=Path, help="PEM, JWK or a JWK set of one; the public part alone")
    args = parser.parse_args(rest)
    try:
        own = {"name": args.name, "contact": args.contact, "scopes": args.scopes.split(",")}
        form = SystemIn.model_validate(own | {"key": args.key.read_text("utf-8")})
    except (OSError, UnicodeDecodeError):
        parser.error("key: this file cannot be read as text")
    except ValidationError as error:
        parser.error("; ".join(_field_error(runtime, one) for one in error.errors(include_input=False)))
    terms = Terms(form.name, form.contact, form.scopes)
    try:
        async with runtime.database.transaction() as tx:
            system_id, done = await make_system(tx, terms, public_key(form.key))
    except Conflict as conflict:
        sys.exit(text_of(runtime.texts, conflict.code, "en", conflict.params))
    sys.stdout.write(f"{form.name}: {done}, client_id {system_id}\n")


def _field_error(runtime: Runtime, one: Mapping[str, Any]) -> str:
    fault = one.get("ctx", {}).get("error")
    why = text_of(runtime.texts, fault.code, "en", fault.params) if isinstance(fault, Fault) else one["msg"]
    return f"{one['loc'][0]}: {why}"


service = Service(
    "identity",
    Settings,
    Path(__file__).parent,
    router,
    reactions,
    LOOPS,
    commands={"operator": operator, "system": system, "publish-state": publish_state},
    prepare=prepare,
)

if __name__ == "__main__":
    service.main()
