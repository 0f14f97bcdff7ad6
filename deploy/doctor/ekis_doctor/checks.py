"""What keeps a service from working, one line each with its remedy. Nothing is changed, no secret is told."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg
from chassis.db import utc_now
from chassis.kafka import Broker
from chassis.migrations import migration_files
from chassis.settings import SERVICES, ServiceSettings, load_key_set
from joserfc.jwk import KeySet
from pydantic import SecretStr

CLOCK = 2.0  # seconds that this host and the database's may be apart
_FOREIGN = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
AND NOT has_table_privilege(oid, 'SELECT, INSERT') ORDER BY relname"""


def find_wrong_keys(service: str, settings: ServiceSettings) -> list[str]:
    """Keys that are absent, cannot be read or do not belong together. Nothing of a key is told."""
    wrong: list[str] = []
    own, public = settings.secrets / "seal_keys", settings.keys / f"seal-{service}.json"
    pairs = {own: public, settings.secrets / "signing_keys": settings.keys / "tokens.json"}
    pairs = {one: other for one, other in pairs.items() if one == own or service == "identity"}
    others = [settings.keys / f"seal-{name}.json" for name in SERVICES] + [settings.keys / "tokens.json"]
    sets = {path: _read(path, wrong) for path in dict.fromkeys([*pairs, *others])}
    for private, half in pairs.items():
        mine, known = sets[private], sets[half]
        if mine and not all(key.is_private for key in mine.keys):
            wrong.append(f"keys: {private} holds a public key only: put the private JWK set there")
        elif mine and known and not {key.thumbprint() for key in mine.keys} & {key.thumbprint() for key in known.keys}:
            wrong.append(f"keys: {half} has no half of a key in {private}: publish the public half there")
    try:
        short = len(settings.hmac_key) < 32  # noqa: PLR2004 - bytes, as much as SHA-256 gives
    except (OSError, ValueError):
        short = True
    return wrong + [f"keys: {settings.secrets / 'hmac_key'} is not 32 bytes or more in hexadecimal"] * short


def _read(path: Path, wrong: list[str]) -> KeySet | None:
    try:
        return load_key_set(path)
    except OSError as error:
        wrong.append(f"keys: {path} cannot be read ({error.strerror}): mount it, or make it with ekis_local.keys")
    except Exception as error:  # noqa: BLE001 - whatever a parser thinks of foreign text
        wrong.append(f"keys: {path} is no JWK set ({type(error).__name__}): put the right file there")
    return None


async def check_database(settings: ServiceSettings, folder: Path) -> list[str]:
    """Reachable, the role's rights, every migration applied, the clocks together."""
    try:
        connection = await asyncpg.connect(settings.database.get_secret_value(), timeout=5)
    except asyncpg.InvalidAuthorizationSpecificationError:
        return ["database: the login is refused: correct user and password in EKIS_DATABASE"]
    except asyncpg.InvalidCatalogNameError:
        return ["database: there is none of that name: create it, or correct EKIS_DATABASE"]
    except (OSError, OverflowError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return [f"database: not reachable ({type(error).__name__}): start it, or correct the host in EKIS_DATABASE"]
    try:
        return await _check_inside(connection, folder)
    finally:
        await connection.close()


async def _check_inside(connection: "asyncpg.Connection[asyncpg.Record]", folder: Path) -> list[str]:
    wrong = []
    apart = abs((utc_now() - await connection.fetchval("SELECT clock_timestamp()")).total_seconds())
    if apart > CLOCK:
        wrong.append(f"clock: {apart:.0f} s apart from the database's: let NTP keep both hosts")
    if foreign := [row["relname"] for row in await connection.fetch(_FOREIGN)]:
        wrong.append(f"database: {', '.join(foreign)} may not be used by this role: docs/deploy.md tells its rights")
    begun = await connection.fetchval("SELECT to_regclass('public.migration') IS NOT NULL")
    done = (
        {row["name"] for row in await connection.fetch("SELECT name FROM migration")} if begun and not foreign else ()
    )
    if left := [path.name for path in migration_files(folder) if path.name not in done and not foreign]:
        wrong.append(f"database: {len(left)} migrations not applied, first {left[0]}: run `migrate`")
    return wrong


async def check_broker(
    settings: ServiceSettings, service: str, topics: Sequence[str], wanted: Mapping[str, int]
) -> list[str]:
    """Reachable, the login taken, every topic there, with as many partitions as are wanted of it."""
    host, _, port = settings.kafka.partition(",")[0].rpartition(":")
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), 5)
    except (OSError, TimeoutError):
        return [f"broker: {host}:{port} is not reachable: start it, or correct EKIS_KAFKA"]
    writer.close()
    try:
        there = await Broker(settings, service).partitions(topics)
    except Broker.failures as error:
        return [f"broker: no session ({type(error).__name__}): correct EKIS_KAFKA_USER and EKIS_KAFKA_PASSWORD"]
    remedy = "apply deploy/kafka/topics.yaml and acls.yaml"
    missing = [topic for topic, count in there.items() if not count]
    wrong = [f"topics: {', '.join(missing)} missing, or not allowed to {service}-svc: {remedy}"] if missing else []
    other = [name for name, count in there.items() if count and count != wanted.get(name, count)]
    return wrong + [f"topics: {name} has {there[name]} partitions, not {wanted[name]}: {remedy}" for name in other]


async def check_mail(address: str, tls: str, user: str | None, password: SecretStr | None) -> list[str]:
    """The mail server answers, encrypts as it should and takes the login."""
    from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException  # noqa: PLC0415 - only notify-svc has it

    host, _, port = address.rpartition(":")
    client = SMTP(hostname=host, port=int(port), use_tls=tls == "tls", start_tls=tls == "starttls", timeout=5)
    try:
        await client.connect()
        if user and password:
            await client.login(user, password.get_secret_value())
        await client.quit()
    except SMTPAuthenticationError:
        return ["mail: the login is refused: correct EKIS_SMTP_USER and EKIS_SMTP_PASSWORD"]
    except (SMTPException, OSError, ValueError) as error:
        return [f"mail: {address} ({tls}): {type(error).__name__}: correct EKIS_SMTP or EKIS_SMTP_TLS, or start it"]
    finally:
        client.close()
    return []
