"""What is given to a service from outside: its settings and its keys. A secret has no default."""

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from ekis_contracts import Seals
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import AfterValidator, DirectoryPath, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SERVICES = ("registry", "identity", "cabinet", "notify")
Address = Annotated[str, Field(pattern=r"^[^\s:,]+:\d{1,5}$")]


def _postgres(address: SecretStr) -> SecretStr:
    if not address.get_secret_value().startswith(("postgresql://", "postgres://")):
        raise ValueError("it does not begin with postgresql://")  # and no word of what it is
    return address


class ServiceSettings(BaseSettings):
    """Read from EKIS_* variables; any may be a file EKIS_SECRETS/ekis_<name> instead, as secrets should be."""

    model_config = SettingsConfigDict(
        env_prefix="EKIS_", extra="ignore", secrets_dir=os.environ.get("EKIS_SECRETS"), use_attribute_docstrings=True
    )

    database: Annotated[SecretStr, AfterValidator(_postgres)]
    """the service's own database, `postgresql://user:password@host:port/name`; `migrate` wants the owner"""
    kafka: Annotated[str, Field(pattern=r"^[^\s:,]+:\d{1,5}(,[^\s:,]+:\d{1,5})*$")]
    """brokers to begin with, `host:port`, several by commas"""
    kafka_user: str | None = None
    """principal of the service (SASL/SCRAM-SHA-512), as `deploy/kafka/acls.yaml` names it"""
    kafka_password: SecretStr | None = None
    """its password; without user and password the broker is spoken to without a login"""
    listen: Address = "127.0.0.1:8000"
    """where the service answers, `host:port`"""
    public_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+/?$")]
    """the one address people and city systems see, `https://ekis.example`: in letters, links and schemas"""
    secrets: DirectoryPath
    """folder of what this service alone may read: its keys, and any variable as the file `ekis_<name>`"""
    keys: DirectoryPath
    """folder of everybody's public keys: `tokens.json` and a `seal-<service>.json` of each service"""
    instance: Annotated[str, Field(default_factory=lambda: os.uname().nodename)]
    """name of this replica, stable over restarts and not shared by two; the host's name unless given"""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """the least that is written to the log"""
    traces: Annotated[str, Field(pattern=r"^(https?://[^\s@/]+/\S*)?$")] = ""
    """where a collector takes spans by OTLP/HTTP, `http://collector:4318/v1/traces`; without it none are made"""
    pool_size: Annotated[int, Field(ge=2, le=100)] = 10
    """connections to the database that one process may hold"""

    @model_validator(mode="after")
    def _login_is_whole(self) -> Self:
        if (self.kafka_user is None) != (self.kafka_password is None):
            raise ValueError("EKIS_KAFKA_USER and EKIS_KAFKA_PASSWORD belong together: give both or neither")
        return self

    @property
    def hmac_key(self) -> bytes:
        """The key under which this service derives and compares its own secrets."""
        return bytes.fromhex((self.secrets / "hmac_key").read_text().strip())


def complaint(settings: type[ServiceSettings], place: tuple[int | str, ...], kind: str, words: str) -> str:
    """A wrong variable in one line, with what it should say and never what it says."""
    if not place:  # of several together, which the words name
        return words.removeprefix("Value error, ")
    meaning = settings.model_fields[str(place[0])].description
    what = "is missing" if kind == "missing" else f"is refused ({words.removeprefix('Value error, ')})"
    return f"EKIS_{str(place[0]).upper()} {what}: give {meaning}"


def load_key_set(path: Path) -> KeySet:
    """A JWK set (RFC 7517) from a file; read again when the file has changed, so that keys may rotate meanwhile."""
    return _read_key_set(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _read_key_set(path: Path, _changed: int) -> KeySet:
    return KeySet.import_key_set(json.loads(path.read_text()))


def load_seals(service: str, own: Path, public: Path) -> Seals:
    """What this service closes and opens seals with."""
    everybody = {name: load_key_set(public / f"seal-{name}.json") for name in SERVICES}
    return Seals(service, load_key_set(own / "seal_keys"), everybody)


def key_complaint(service: str, settings: ServiceSettings) -> list[str]:
    """What a service cannot begin without, in one line; `doctor` looks closer."""
    try:
        _ = settings.hmac_key, load_seals(service, settings.secrets, settings.keys)
    except (OSError, ValueError, JoseError) as error:  # the text of all but the first may quote a key
        place = error.filename if isinstance(error, OSError) else f"{settings.secrets} or {settings.keys}"
        return [f"{place} has no key ({type(error).__name__}): see EKIS_SECRETS and EKIS_KEYS in docs/configuration.md"]
    return []
