"""An example of every event, as its data stands in a record: for documents and for the tests of subscribers."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ekis_contracts.event import Event
from ekis_contracts.schemas import Schema, inlined

# A compact JWE has five parts; this one opens for nobody
_SEAL = "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIsImVuYyI6IkEyNTZHQ00ifQ.c2VhbGVk.bm9uY2U.Y2lwaGVydGV4dA.dGFn"

_BY_FORMAT = {"date": "2026-12-31", "date-time": "2026-11-25T09:00:00Z"}
_BY_TYPE: dict[str, Any] = {"integer": 1, "boolean": False}

# What may stand in a field of this name, if its schema allows it; a dotted name is of one topic
_WORDS: dict[str, Any] = {
    "about": "0192f0c8-7d00-7000-8000-000000000001",
    "access-restored.state": "active",
    "account-activated.state": "active",
    "account-changed.changed": "post",
    "account-changed.state": "active",
    "account-disabled.channel": "self",
    "account-disabled.state": "disabled",
    "account-erased.state": "erased",
    "account-request-closed.reason": "requisites-mismatch",
    "account-request-declined.reason": "requisites-mismatch",
    "account-request-referred.reason": "not-on-roll",
    "account-requested.number": "R26-000001",
    "account-resumed.reason": "desk",
    "account-resumed.state": "active",
    "account-suspended.reason": "left-roll",
    "account-suspended.state": "suspended",
    "address": "101000, город Москва, улица Мясницкая, дом 1",
    "category": "employee",
    "code": "5.1.1",
    "counts": "names",
    "district": "Басманный",
    "districts": "басманный",
    "division": "Корпус 2",
    "emails": "school@school.example",
    "exam": "ЕГЭ",
    "full_name": "Государственное бюджетное общеобразовательное учреждение «Школа № 1»",
    "inn": "7707083893",
    "kind": "Школа",
    "kpp": "770701001",
    "login_digest": "6f1c0c7e5b3d4a29",
    "name": "Школа № 1",
    "number": "T26-000001",
    "ogrn": "1027700132195",
    "okrug": "Центральный",
    "page": "/documents/0192f0c8-7d00-7000-8000-000000000001",
    "phones": "+74950000001",
    "post": "учитель физики",
    "posts": "учитель физики",
    "purpose": "account-created",
    "receipts": "cabinet",
    "school-application-decided.number": "A26-000001",
    "school-application-decided.decision": "rejected",
    "school-application-decided.reason": "school-already-registered",
    "school-application-submitted.number": "A26-000001",
    "school-changed.changed": "address",
    "school-closed.status": "closed",
    "sessions-revoked.reason": "password-changed",
    "short_name": "ГБОУ Школа № 1",
    "site": "https://school.example",
    "specialties": "физика",
    "staff-changed.changed": "division",
    "staff-left.reason": "dismissed",
    "state": "submitted",
    "subject": "Физика",
    "subjects": "физика",
    "support-ticket-answered.state": "waiting-for-user",
    "support-ticket-resolved.state": "resolved",
    "ticket": "T26-000001",
    "title": "Порядок проведения аттестации",
    "year": 2026,
}


def example(event: type[Event]) -> dict[str, Any]:
    """Data that the event's schema allows, sealed parts included."""
    data: dict[str, Any] = _value(inlined(event.model_json_schema()), event.topic, "")
    return data


def _value(schema: Schema, topic: str, name: str) -> Any:
    schema = schema.get("anyOf", [schema])[0]  # the other is null
    if "properties" in schema:
        return {field: _value(one, topic, field) for field, one in schema["properties"].items()}
    if "additionalProperties" in schema:
        return {_WORDS[name]: _value(schema["additionalProperties"], topic, "")}
    if "items" in schema:
        return [_value(schema["items"], topic, name)]
    return _scalar(schema, _WORDS.get(f"{topic}.{name}", _WORDS.get(name)), name)


def _scalar(schema: Schema, word: Any, name: str) -> Any:
    if "const" in schema or "enum" in schema:
        allowed = schema.get("enum") or [schema["const"]]
        return word if word in allowed else allowed[0]
    match schema.get("format"):
        case "jwe":
            return _SEAL
        case "uuid":
            return str(uuid5(NAMESPACE_URL, name.replace("_ids", "_id")))
    return word if word is not None else (_BY_TYPE | _BY_FORMAT)[schema.get("format") or schema["type"]]
