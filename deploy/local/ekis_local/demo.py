"""The main story, played over HTTP against the running stack; every event is printed as it happens."""

import csv
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import httpx
from confluent_kafka import OFFSET_END, Consumer, TopicPartition
from ekis_kafka.broker import client_settings
from ekis_kafka.files import wanted

from ekis_local.process import StartError

_PATIENCE = 30.0
Found = TypeVar("Found")
_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def play(stack: dict[str, Any], register: Path | None = None) -> None:
    """An unknown school enters the registry, and its head, who asked too early, gets into the cabinet; or a register
    of the feed enters, and the head of one of its schools does."""
    with httpx.Client(base_url=f"{stack['gateway']}/api", timeout=_PATIENCE) as api:
        school = import_register(api, _operator(api, stack, "registrar"), register) if register else None
        with _events(stack) as events:
            _Story(api, stack, events, school or _invented_school()).play(is_known=school is not None)


class _Story:
    def __init__(self, api: httpx.Client, stack: dict[str, Any], events: "_Events", school: dict[str, Any]) -> None:
        self.api = api
        self.stack = stack
        self.events = events
        self.password = secrets.token_urlsafe(18)
        self.school = school
        self.person = {"last_name": "Смирнова", "first_name": "Анна", "patronymic": "Павловна"}
        self.email = f"head-{school['inn']}-{secrets.token_hex(2)}@school.example"

    def play(self, *, is_known: bool) -> None:
        if is_known:
            _say(f"the department puts {self.email} on the roll of {self.school['short_name']}, and the head asks")
            self._enrol_head()
            self._ask_for_account()
        else:
            _say(f"{self.email} asks for a cabinet; the school is not in the registry yet")
            self._ask_for_account()
            _wait_for(lambda: self._mails()[1:] or None, "the mail that the request waits for its school")
            _say("the school applies for entry, a registrar approves, and the waiting request resumes by itself")
            self._register_school()
        login, password = self._mailed_credentials()
        _say(f"the head signs in as {login} with the mailed one-time password, declares the status, chooses a password")
        header = self._activate(login, password)
        _say("the cabinet asks for the workplace")
        self._fill_workplace(header)
        _say(
            "the head leaves and calls; on that ticket two operators disable the account: every service erases, says so"
        )
        account_id = self._leave(header)
        self.events.wait_for("account-erased", account_id)
        _wait_for(lambda: "отключ" in self._mails()[-1].lower() or None, "the mail that the cabinet is gone")
        _say("done; the mails of the story are at " + self.stack["mail_api"])

    def _ask_for_account(self) -> None:
        school = {key: self.school[key] for key in ("inn", "kpp", "ogrn") if self.school[key]}
        body = {"applicant": self.person | {"email": self.email}, "school": school, "category": "head", "consent": True}
        self._post("/identity/account-requests", body)

    def _register_school(self) -> None:
        applicant = self.person | {"post": "Директор", "email": self.email, "ground": "head"}
        body = {"school": self.school, "applicant": applicant, "consent": True}
        number = self._post("/registry/applications", body)["number"]
        registrar = _operator(self.api, self.stack, "registrar")
        decided = self._post(f"/registry/applications/{number}/decision", {"decision": "approve"}, registrar)
        self.school["school_id"] = decided["school_id"]

    def _enrol_head(self) -> None:
        head = self.person | {"post": "Директор", "category": "head", "email": self.email}
        self._post(
            f"/registry/schools/{self.school['school_id']}/staff", head, _operator(self.api, self.stack, "registrar")
        )

    def _mailed_credentials(self) -> tuple[str, str]:
        def found() -> tuple[str, str] | None:
            match = re.search(r"Логин: (\S+)\s+Одноразовый пароль: (\S+)", "\n".join(self._mails()))
            return (match[1], match[2]) if match else None

        return _wait_for(found, "the mail with the one-time password")

    def _mails(self) -> list[str]:
        caught = httpx.get(f"{self.stack['mail_api']}/messages", params={"to": self.email}).json()
        return [mail["text"] for mail in caught]

    def _activate(self, login: str, password: str) -> dict[str, str]:
        body = {"status": "head", "new_password": self.password}
        token = _sign_in(self.api, login, password)
        session = self._post("/identity/activation", body, token)
        header = {"Authorization": f"Bearer {session['access_token']}"}
        me = self.api.get("/identity/me", headers=header).raise_for_status().json()
        _say(f"the cabinet belongs to {me['full_name']}, {me['category']}")
        return header

    def _fill_workplace(self, header: dict[str, str]) -> None:
        form = _wait_for(lambda: self._opened_form(header), "the cabinet to open")
        filled = {"building": form.json()["suggestions"]["buildings"][0], "work_phone": "+7 495 123-45-67"}
        answer = self.api.put("/cabinet/workplace", json=filled, headers=header | {"If-Match": form.headers["ETag"]})
        _say(f"nothing is missing: {answer.raise_for_status().json()['complete']}")

    def _opened_form(self, header: dict[str, str]) -> httpx.Response | None:
        answer = self.api.get("/cabinet/workplace", headers=header)
        return answer if answer.is_success and answer.json()["school"] else None

    def _leave(self, header: dict[str, str]) -> str:
        account_id = self.api.get("/identity/me", headers=header).raise_for_status().json()["account_id"]
        admin, support, registrar = (
            _operator(self.api, self.stack, role) for role in ("admin", "support", "registrar")
        )
        call = {"kind": "disable-account", "contact": {"email": self.email}, "text": "Ухожу из школы"}
        ticket = self._post("/identity/support/tickets", call, support)["number"]
        roll = f"/registry/schools/{self.school['school_id']}/staff"
        staff = self.api.get(roll, headers=registrar).raise_for_status().json()["items"]
        staff_id = next(one["staff_id"] for one in staff if one["email"] == self.email)
        self.api.delete(f"{roll}/{staff_id}", params={"reason": "left"}, headers=registrar).raise_for_status()
        deed = self._post(f"/identity/accounts/{account_id}/disable", {"reason": "leaves", "ticket": ticket}, admin)
        self._post(f"/identity/deeds/{deed['deed_id']}/approve", {}, support)
        return str(account_id)

    def _post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> dict[str, Any]:
        return _post(self.api, path, headers, json=body)


def import_register(api: httpx.Client, registrar: dict[str, str], file: Path) -> dict[str, Any]:
    """Bring a file of the feed in, in one call, with its progress; returns one of its schools."""
    with file.open("rb") as upload:
        form = {"data": {"kind": "schools", "mode": "apply"}, "files": {"file": upload}}
        path = f"/registry/imports/{_post(api, '/registry/imports', registrar, **form)['import_id']}"
    while (job := api.get(path, headers=registrar).raise_for_status().json())["state"] in ("queued", "running"):
        print(f"\r{file.name}: {job['done']} of {job['total']} rows", end="", flush=True)
        time.sleep(0.2)
    counts = ", ".join(
        f"{job[verdict]} {verdict}" for verdict in ("new", "changed", "unchanged", "rejected", "missing")
    )
    _say(f"{file.name}, {job['state']}: {counts}; a verdict on each row: {job['report_url']}")
    report = csv.reader(api.get(f"{path}/report", headers=registrar).text.splitlines(), delimiter=";")
    school_id = next((school_id for _, _, _, school_id, *_ in list(report)[1:] if school_id), None)
    if school_id is None:
        raise StartError(f"none of the schools of {file.name} entered")
    return dict(api.get(f"/registry/schools/{school_id}").raise_for_status().json())


def _operator(api: httpx.Client, stack: dict[str, Any], role: str) -> dict[str, str]:
    operator = stack["operators"][role]
    return _sign_in(api, operator["login"], operator["password"])


def _sign_in(api: httpx.Client, login: str, password: str) -> dict[str, str]:
    session = _post(api, "/identity/sessions", json={"login": login, "password": password, "remember_me": False})
    return {"Authorization": f"Bearer {session['access_token']}"}


def _post(api: httpx.Client, path: str, headers: dict[str, str] | None = None, **content: Any) -> dict[str, Any]:
    answer = api.post(path, headers=headers, **content)
    if answer.is_error:
        raise StartError(f"POST {path} answered {answer.status_code}: {answer.text}")
    return dict(answer.json())


def _invented_school() -> dict[str, str]:
    """A school with valid requisites that nobody has."""
    nine = f"7799{secrets.randbelow(10**5):05}"
    inn = nine + str(sum(int(digit) * weight for digit, weight in zip(nine, _INN_WEIGHTS, strict=True)) % 11 % 10)
    twelve = f"12677{secrets.randbelow(10**7):07}"
    name = f"Школа № {secrets.randbelow(9000) + 1000}"
    return {
        "full_name": f"ГБОУ «{name}»",
        "short_name": name,
        "kind": "school",
        "inn": inn,
        "kpp": "779901001",
        "ogrn": twelve + str(int(twelve) % 11 % 10),
        "address": "Москва, Учебный проезд, д. 1",
        "phone": "+7 495 123-45-67",
        "email": f"office-{inn}@school.example",
    }


class _Events(threading.Thread):
    """Prints every event of the story with its time, as it happens."""

    def __init__(self, consumer: Consumer) -> None:
        super().__init__()
        self.done = threading.Event()
        self._consumer = consumer
        self._seen: set[tuple[str, str]] = set()

    def run(self) -> None:
        """Until done."""
        while not self.done.is_set():
            records = [dict(r.headers() or ()) | {"topic": r.topic()} for r in self._consumer.consume(50, timeout=0.05)]
            for record in sorted(records, key=lambda one: cast("bytes", one["ce_time"])):
                self._print(record)

    def wait_for(self, topic: str, subject: str) -> None:
        """Return when this event has been printed."""
        _wait_for(lambda: (topic, subject) in self._seen or None, f"the event {topic}")

    def _print(self, record: dict[str, Any]) -> None:
        moment, source, subject = (record[name].decode() for name in ("ce_time", "ce_source", "ce_subject"))
        print(f"      {moment[11:23]}  {source:<14} {record['topic']:<30} {subject}", flush=True)
        self._seen.add((record["topic"], subject))


@contextmanager
def _events(stack: dict[str, Any]) -> Iterator[_Events]:
    admin = stack["kafka_users"].get("admin")
    settings = client_settings(stack["kafka"], (admin["username"], admin["password"]) if admin else None)
    consumer = Consumer(settings | {"group.id": "demo", "enable.auto.commit": False})
    topics = consumer.list_topics(timeout=_PATIENCE).topics
    consumer.assign([TopicPartition(t, p, OFFSET_END) for t in wanted().topics for p in topics[t].partitions])
    consumer.poll(0)  # the ends are looked up now
    events = _Events(consumer)
    events.start()
    try:
        yield events
    finally:
        events.done.set()
        events.join()
        consumer.close()


def _wait_for(found: Callable[[], Found | None], what: str) -> Found:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if (result := found()) is not None:
            return result
        time.sleep(0.05)
    raise StartError(f"{what} did not come in {_PATIENCE:.0f} s")


def _say(text: str) -> None:
    print(f"\n{text}", flush=True)
