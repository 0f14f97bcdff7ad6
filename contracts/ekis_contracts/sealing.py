"""Seals: a part of an event that one service alone can read.

A seal is a compact JWE (RFC 7516; `ECDH-ES+A256KW` over X25519, `A256GCM`) to the recipient's public key. Inside it
repeats the event's id and subject, so a seal that was moved to another event is refused. It says who may read, not
who wrote: that is the broker's access list.
"""

import json
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Self, TypeVar, get_args
from uuid import UUID

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

ALGORITHM, ENCRYPTION = "ECDH-ES+A256KW", "A256GCM"
REGISTRY = jwe.JWERegistry(algorithms=[ALGORITHM, ENCRYPTION])

PartT = TypeVar("PartT", bound=BaseModel)


class SealError(Exception):
    """The seal cannot be opened here, or belongs to another event."""


@dataclass(frozen=True, slots=True)
class Place:
    """The event a seal belongs to."""

    event_id: UUID
    subject: str


class Sealed(Generic[PartT]):
    """Holds the clear part before publishing, and the JWE (`token`) with its `place` ever after."""

    recipient: ClassVar[str]
    __slots__ = ("clear", "model", "place", "token")

    def __init__(self, clear: PartT | None = None, *, model: type[PartT] | None = None, token: str = "") -> None:
        self.clear = clear
        self.model: Any = model or type(clear)
        self.token = token
        self.place: Place | None = None

    @classmethod
    def stored(cls, model: type[PartT], token: str, event_id: UUID, subject: str) -> Self:
        """The seal again, from the columns in which it was kept."""
        seal = cls(model=model, token=token)
        seal.place = Place(event_id, subject)
        return seal

    def __repr__(self) -> str:
        return f"{type(self).__name__}[...]"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        (model,) = get_args(source)

        def validate(value: object) -> "Sealed[Any]":
            if isinstance(value, cls):
                return value
            if isinstance(value, str) and value.count(".") == 4:  # noqa: PLR2004 - a compact JWE has five parts
                return cls(model=model, token=value)
            raise ValueError("a seal is a compact JWE")

        return core_schema.no_info_plain_validator_function(
            validate,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda seal: seal.token),
            metadata={"part": model},
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        part: type[BaseModel] = schema["metadata"]["part"]
        return {
            "type": "string",
            "format": "jwe",
            "x-sealed-to": f"{cls.recipient}-svc",
            "x-sealed-part": part.model_json_schema(),
        }


class ForRegistry(Sealed[PartT]):
    """Readable by registry-svc alone."""

    recipient = "registry"
    __slots__ = ()


class ForIdentity(Sealed[PartT]):
    """Readable by identity-svc alone."""

    recipient = "identity"
    __slots__ = ()


class ForCabinet(Sealed[PartT]):
    """Readable by cabinet-svc alone."""

    recipient = "cabinet"
    __slots__ = ()


class ForNotify(Sealed[PartT]):
    """Readable by notify-svc alone."""

    recipient = "notify"
    __slots__ = ()


class Seals:
    """Closes seals to every service and opens those addressed to this one.

    `public` maps a service's name to its public JWK set, the newest key first; `private` is the own set, old keys
    included until everything sealed to them is gone.
    """

    def __init__(self, service: str, private: KeySet, public: dict[str, KeySet]) -> None:
        self.service = service
        self._private = private
        self._public = public

    def close(self, seal: Sealed[Any], event_id: UUID, subject: str) -> None:
        """Encrypt the clear part for its recipient, bound to this event. A seal that is closed already stays."""
        if seal.clear is None:
            return
        inside = {"event_id": str(event_id), "subject": subject, "part": seal.clear.model_dump(mode="json")}
        key = self._public[seal.recipient].keys[0]
        protected = {"alg": ALGORITHM, "enc": ENCRYPTION, "kid": key.kid}
        plaintext = json.dumps(inside, ensure_ascii=False).encode()
        seal.token = jwe.encrypt_compact(protected, plaintext, key, registry=REGISTRY)
        seal.place = Place(event_id, subject)

    def open(self, seal: Sealed[PartT]) -> PartT:
        """The part inside. Raises SealError for a foreign key, a broken token or a seal moved from another event."""
        if seal.place is None:
            raise SealError("a seal without an event")
        try:
            opened = jwe.decrypt_compact(seal.token, self._private, registry=REGISTRY)
            inside = json.loads(opened.plaintext or b"")
            if (inside["event_id"], inside["subject"]) != (str(seal.place.event_id), seal.place.subject):
                raise SealError("a seal of another event")
            part: PartT = seal.model.model_validate(inside["part"], extra="ignore")
        except (JoseError, ValueError, KeyError, TypeError, ValidationError) as error:
            raise SealError(type(error).__name__) from None
        return part
