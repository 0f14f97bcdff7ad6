"""`registry publish-state` says how every school stands, as often as one likes."""

import pytest
from ekis_contracts.registry import SchoolState
from registry.loops import states

from .conftest import Registry, school_form


async def test_every_school_is_said_with_its_version(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    schools = [await registry.school(school_form(serial)) for serial in range(1, 6)]
    path, headers = f"/registry/schools/{schools[2]}", registry.registrar | {"If-Match": '"1"'}
    await registry.http.patch(path, json={"kind": "Лицей"}, headers=headers)
    await registry.told()
    monkeypatch.setattr(states, "CHUNK", 2)
    for _ in range(2):
        await states.publish_state(registry.it.runtime, [])
        told = await registry.it.published()
        assert {str(event.school_id): (type(event), envelope.sequence) for event, envelope in told} == {
            school_id: (SchoolState, 2 if school_id == schools[2] else 1) for school_id in schools
        }
        assert len(told) == len(schools)
        assert {event.kind for event, _ in told if str(event.school_id) == schools[2]} == {"Лицей"}
