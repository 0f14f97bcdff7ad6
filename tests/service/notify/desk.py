"""Events of the support desk and of confirmations, invented."""

from datetime import timedelta
from uuid import UUID

from chassis.db import new_id, utc_now
from ekis_contracts import Event, ForNotify
from ekis_contracts.identity import ConfirmationRequested
from ekis_contracts.values import Confirmation, Contact, TicketLetter


def contact(lang: str = "ru") -> ForNotify[Contact]:
    return ForNotify(Contact.model_validate({"name": "Анна", "email": "anna@mail.ru", "lang": lang}))


def confirmation(purpose: str, subject_id: UUID | None = None, to: str = "anna@mail.ru") -> ConfirmationRequested:
    secret = Confirmation(to=to, code="7K3M-9QXA", expires_at=utc_now() + timedelta(hours=1))
    given = {"subject_id": subject_id or new_id(), "purpose": purpose, "contact": contact()}
    return ConfirmationRequested.model_validate({**given, "confirmation": ForNotify(secret)})


def ticket(event: type[Event], text: str = "Проверьте адрес.", to: str = "anna@mail.ru") -> Event:
    facts = {"number": "T26-000042", "kind": "question", "channel": "form", "state": "new"}
    letter = ForNotify(TicketLetter(to=to, text=text, tracking_code="AB12-CD34"))
    return event.model_validate({"ticket_id": new_id(), **facts, "contact": contact(), "letter": letter})
