"""The events that the workloads carry: a school as registry-svc publishes it, about 1 KB with its headers."""

import json
from uuid import UUID, uuid4

from chassis.db import Row, new_id, utc_now
from ekis_contracts import Envelope, Event, Record, write
from ekis_contracts.registry import SchoolRegistered

TOPIC = SchoolRegistered.topic


def school(number: int, school_id: UUID | None = None) -> SchoolRegistered:
    return SchoolRegistered(
        school_id=school_id or new_id(),
        inn=f"{7700000000 + number}",
        kpp="770001001",
        ogrn=f"{1027700000000 + number}",
        full_name=f"Государственное бюджетное общеобразовательное учреждение города Москвы «Школа № {number}»",
        short_name=f"ГБОУ Школа № {number}",
        kind="general",
        district="Центральный административный округ",
        address="101000, город Москва, улица Мясницкая, дом 1, строение 2",
        phones=["+74951234567"],
        emails=["school@edu.mos.ru"],
        site="https://school.mskobr.ru",
        status="active",
        source="feed",
    )


def records(count: int, kind: type[Event] = SchoolRegistered) -> list[Record]:
    """As the outbox would hold them."""
    said = [kind.model_validate(school(number).model_dump()) for number in range(count)]
    return [write(_envelope(event), event.topic) for event in said]


def _envelope(event: Event) -> Envelope:
    return Envelope(
        id=new_id(),
        type=event.type,
        source="/registry-svc",
        subject=event.aggregate_id,
        time=utc_now(),
        sequence=1,
        data=event.model_dump_json().encode(),
        correlation=uuid4().hex,
        traceparent=f"00-{uuid4().hex}-{uuid4().hex[:16]}-01",
    )


def columns(record: Record) -> tuple[str, str, bytes, str]:
    """Topic, key, value and headers as an outbox table keeps them."""
    headers = json.dumps([(name, value.decode()) for name, value in record.headers], ensure_ascii=False)
    return record.topic, (record.key or b"").decode(), record.value or b"", headers


def headers_of(row: Row) -> list[tuple[str, bytes]]:
    return [(name, value.encode()) for name, value in json.loads(row["headers"])]
