"""What is given to a service from outside: its settings and its keys. A secret has no default."""

import json
import os
from functools import lru_cache
from pathlib import Path

from ekis_contracts import Seals
from joserfc.jwk import KeySet
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SERVICES = ("registry", "identity", "cabinet", "notify")


class ServiceSettings(BaseSettings):
    """Read from EKIS_* variables; a file EKIS_SECRETS/ekis_<name> may hold a secret one."""

    model_config = SettingsConfigDict(env_prefix="EKIS_", extra="ignore", secrets_dir=os.environ.get("EKIS_SECRETS"))

    database: SecretStr
    kafka: str
    kafka_user: str | None = None
    kafka_password: SecretStr | None = None
    listen: str = "127.0.0.1:8000"
    public_url: str
    secrets: Path
    keys: Path
    instance: str = os.uname().nodename  # two replicas on one host need two names
    log_level: str = "info"
    pool_size: int = 10

    @property
    def hmac_key(self) -> bytes:
        """The key under which this service derives and compares its own secrets."""
        return bytes.fromhex((self.secrets / "hmac_key").read_text().strip())


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
