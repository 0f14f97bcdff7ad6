"""Which mails there are: what each is for, the secret it carries, and whether a person may decline it."""

from ekis_contracts.values import Confirmation, Credentials, TicketLetter, Tracking

from notify.domain.preferences import KINDS

Secret = Tracking | Credentials | Confirmation | TicketLetter

FAREWELL = "account-disabled"  # the only mail that an ended account gets
DIGEST = "digest"
SYSTEM = "system-changed"  # why tokens of a city system end: it may do less, or nothing any more

NOTICES = {f"notice-{kind}": kind for kind in KINDS}

# Every purpose has a template of this name in each language; some carry a secret.
PURPOSES: dict[str, type[Secret] | None] = {
    "application-submitted": Tracking,
    "application-approved": None,
    "application-rejected": None,
    "application-clarification-requested": None,
    "application-withdrawn": None,
    "application-expired": None,
    "request-received": Tracking,
    "request-held": None,
    "request-referred": None,
    "request-declined": None,
    "request-withdrawn": None,
    "request-expired": None,
    "request-duplicate": None,
    "account-created": Credentials,
    "access-restored": Credentials,
    "account-activated": None,
    "address-changed": None,
    "address-replaced": None,
    "account-suspended": None,
    "account-resumed": None,
    FAREWELL: None,
    "password-changed": None,
    "refresh-token-reused": None,
    "second-factor-changed": None,
    "confirmation-restore": Confirmation,
    "confirmation-email-change": Confirmation,
    "confirmation-email-code": Confirmation,
    "ticket-opened": TicketLetter,
    "ticket-answered": TicketLetter,
    "ticket-resolved": TicketLetter,
    **dict.fromkeys(NOTICES),
    DIGEST: None,
}

# Why sessions were ended, and the person must hear of it; what the person has just done there needs no mail.
ALARMING = ("password-changed", "refresh-token-reused", "second-factor-changed")


def declined_as(purpose: str) -> str | None:
    """What a person may turn off from within such a mail: a kind of notice, or the digest."""
    return DIGEST if purpose == DIGEST else NOTICES.get(purpose)
