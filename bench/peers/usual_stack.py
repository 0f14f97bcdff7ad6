"""The account request as it is usually built, in one thin process: `python -m bench.peers.usual_stack`, told by PEER_*.

FastAPI, FastStream, SQLAlchemy's ORM, EmailMessage, and aiosmtplib connecting for every mail. Events are published
after the commit; there is no outbox, no inbox, no seal, no timeline, no receipt.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID, uuid4

import aiosmtplib
import uvicorn
from fastapi import FastAPI
from faststream.kafka import KafkaBroker
from faststream.security import SASLScram512
from pydantic import BaseModel, EmailStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

REQUESTED, VERIFIED, CREATED = TOPICS = ("usual-requested", "usual-verified", "usual-created")
CREDENTIALS_SUBJECT = "Логин и одноразовый пароль"
_SECRET = secrets.token_bytes(32)


class Base(DeclarativeBase):
    pass


class Request(Base):
    __tablename__ = "request"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tracking_code: Mapped[str]
    state: Mapped[str]
    last_name: Mapped[str]
    first_name: Mapped[str]
    patronymic: Mapped[str | None]
    email: Mapped[str]
    inn: Mapped[str]
    category: Mapped[str]


class Staff(Base):
    __tablename__ = "staff"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    inn: Mapped[str] = mapped_column(index=True)
    last_name: Mapped[str] = mapped_column(index=True)
    first_name: Mapped[str]
    email: Mapped[str | None]
    post: Mapped[str]


class Account(Base):
    __tablename__ = "account"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID]
    staff_id: Mapped[UUID] = mapped_column(unique=True)
    login: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]
    one_time: Mapped[bytes]
    state: Mapped[str]


class Applicant(BaseModel):
    last_name: str
    first_name: str
    patronymic: str | None = None
    email: EmailStr
    post: str | None = None


class School(BaseModel):
    inn: str
    kpp: str | None = None
    ogrn: str | None = None


class RequestIn(BaseModel):
    applicant: Applicant
    school: School
    category: str
    consent: bool


class Requested(BaseModel):
    request_id: UUID
    tracking_code: str
    applicant: Applicant
    inn: str


class Verified(BaseModel):
    request_id: UUID
    staff_id: UUID


class Created(BaseModel):
    account_id: UUID
    name: str
    email: str
    login: str
    one_time_password: str
    expires_at: datetime


_engine = create_async_engine(os.environ["PEER_DATABASE"].replace("postgresql", "postgresql+asyncpg"))
_session = async_sessionmaker(_engine, expire_on_commit=False)
_login = SASLScram512(username=os.environ["PEER_KAFKA_USER"], password=os.environ["PEER_KAFKA_PASSWORD"])
_broker = KafkaBroker(os.environ["PEER_KAFKA"], security=_login, logger=None)


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with _engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await _broker.start()
    yield
    await _broker.stop()


app = FastAPI(lifespan=_lifespan)


@app.get("/ready")
async def ready() -> None: ...


@app.post("/account-requests", status_code=202)
async def request_account(body: RequestIn) -> dict[str, str]:
    one, code = body.applicant, secrets.token_urlsafe(12)
    names = one.model_dump(exclude={"post"})
    request = Request(
        id=uuid4(), tracking_code=code, state="received", inn=body.school.inn, category=body.category, **names
    )
    async with _session() as session:
        session.add(request)
        await session.commit()
    event = Requested(request_id=request.id, tracking_code=code, applicant=one, inn=body.school.inn)
    await _broker.publish(event, REQUESTED, key=request.id.bytes)
    return {"number": str(request.id), "tracking_code": code}


@_broker.subscriber(REQUESTED, group_id="usual-registry", auto_offset_reset="earliest")
async def judge(event: Requested) -> None:
    one = event.applicant
    known = select(Staff).where(
        Staff.inn == event.inn, Staff.last_name == one.last_name, Staff.first_name == one.first_name
    )
    async with _session() as session:
        found = list(await session.scalars(known))
    if len(found) == 1 and found[0].email == one.email:
        verdict = Verified(request_id=event.request_id, staff_id=found[0].id)
        await _broker.publish(verdict, VERIFIED, key=event.request_id.bytes)


@_broker.subscriber(VERIFIED, group_id="usual-identity", auto_offset_reset="earliest")
async def issue_account(event: Verified) -> None:
    password = secrets.token_urlsafe(12)
    async with _session() as session:
        request = await session.get(Request, event.request_id, with_for_update=True)
        if request is None or request.state != "received":
            return
        request.state = "verified"
        digest = hmac.new(_SECRET, password.encode(), hashlib.sha256).digest()
        login = request.email.partition("@")[0]
        account = Account(id=uuid4(), request_id=request.id, staff_id=event.staff_id, login=login, state="issued")
        account.email, account.one_time = request.email, digest
        session.add(account)
        await session.commit()
    ends = datetime.now(UTC) + timedelta(days=3)
    told = {"email": account.email, "login": login, "one_time_password": password, "expires_at": ends}
    await _broker.publish(
        Created(account_id=account.id, name=f"{request.first_name} {request.last_name}", **told),
        CREATED,
        key=account.id.bytes,
    )


@_broker.subscriber(REQUESTED, group_id="usual-notify", auto_offset_reset="earliest")
async def confirm(event: Requested) -> None:
    words = f"Мы получили ваш запрос {event.request_id}. Следить за ним можно по коду:\n\n    {event.tracking_code}\n"
    await _mail(event.applicant.email, f"Запрос {event.request_id} на доступ к ЕКИС принят", words)


@_broker.subscriber(CREATED, group_id="usual-notify", auto_offset_reset="earliest")
async def send_credentials(event: Created) -> None:
    words = (
        f"Здравствуйте, {event.name}!\n\nДля вас создана учётная запись в ЕКИС.\n\n"
        f"    Логин: {event.login}\n    Одноразовый пароль: {event.one_time_password}\n\n"
        f"Пароль действует до {event.expires_at:%d.%m.%Y %H:%M}. При первом входе его нужно сменить.\n"
    )
    await _mail(event.email, f"{CREDENTIALS_SUBJECT} для входа в ЕКИС", words)


async def _mail(to: str, subject: str, words: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ЕКИС <noreply@ekis.example>", to, subject
    message.set_content(words)
    message.add_alternative(f"<html><body><p>{words.replace(chr(10), '<br>')}</p></body></html>", subtype="html")
    host, _, port = os.environ["PEER_SMTP"].rpartition(":")
    await aiosmtplib.send(message, hostname=host, port=int(port), start_tls=False)


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PEER_PORT"]), loop="uvloop", log_level="warning", access_log=False)
