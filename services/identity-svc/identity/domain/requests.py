"""The story of an account request: who may do what when, and what follows from it.

A request waits for registry's verdict; a verified one is issued, with an account whose credentials are mailed to the
verified address; activation ends it. Every function takes a frozen Request and returns a Decision, or raises.

**Whose address gets the credentials** (the takeover rule). A verdict judges one `request_version`, which means one
address. A corrected address is a new version: the request goes back to `verifying`, and a verdict on an older version
never opens anything, however late it comes. The address can be corrected until the request is verified, and again
when the credentials could not be delivered. Then:

- the one-time password that was mailed dies at once (`KillCredentials`: its number rises, its code goes, sessions
  begun with it end), so neither the old address nor a session from it can activate what is being judged anew;
- the account row stays, without credentials; the new version verified for the same staff record re-issues it
  (`Reissue`), and only then the verified address becomes the account's address on file;
- verified for another staff record, or ended before activation in any way, the request takes its never activated
  account with it (`EndAccount`): nothing half-issued may hold the staff record against its rightful person;
- a new mail (`resend`) goes to the address on file alone, never to one that waits for its verdict.

Of several open requests of one (address, school) one is real, and who has an account gets no second: the others are
`duplicate` (domain/duplicates).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from chassis.errors import Conflict, WrongStep

from identity.domain.addresses import moscow
from identity.domain.duplicates import hidden, looks_alike, shared
from identity.domain.request import (
    CORRECTABLE,
    CREDENTIALS_VALID,
    ENDS,
    ISSUED,
    JUDGED,
    STEPS,
    Ask,
    Close,
    Decision,
    Effect,
    EndAccount,
    Ended,
    Holder,
    KillCredentials,
    Note,
    OpenAccount,
    Readdress,
    Reissue,
    Request,
    State,
    Verdict,
)

PATIENCE = timedelta(days=30)  # without a step
ANSWER_WITHIN = timedelta(minutes=10)  # then registry is asked again, with growing pauses
LONGEST_PAUSE = timedelta(hours=6)  # also where it waits for a school or for a person


def _move(request: Request, state: State, now: datetime) -> Request:
    if state not in STEPS[request.state]:
        raise WrongStep(request.state, state)
    return replace(request, state=state, shown=state, step_at=now, ask_at=None)


def _asked(request: Request, now: datetime) -> Request:
    growing = min(ANSWER_WITHIN * 2 ** min(request.asks, 10), LONGEST_PAUSE)
    pause = growing if request.state == "verifying" else LONGEST_PAUSE
    return replace(request, asks=request.asks + 1, ask_at=now + pause)


def _unused(request: Request) -> tuple[EndAccount, ...]:
    return (EndAccount(request.account_id),) if request.account_id else ()


def _end(request: Request, close: Close, now: datetime, *more: Effect) -> Decision:
    ended = replace(_move(request, close.outcome, now), applicant=None, credentials_until=None)
    return Decision(ended, (close, *more), (Note(close.outcome, f"note-{close.outcome}"),))


def _give_up(request: Request, outcome: Ended, now: datetime, reason: str | None = None) -> Decision:
    return _end(request, Close(outcome, reason, request.contact), now, *_unused(request))


def receive(request: Request, now: datetime, *, first: bool, silent: bool = False) -> Decision:
    """A new request; `first`: its (address, school) was free; `silent`: its address was told of enough for today."""
    notes = (Note("received", "note-received"), Note("verifying", "note-verifying"))
    verifying = _asked(_move(request, "verifying", now), now)
    if silent:
        return Decision(hidden(verifying), (), notes)
    if first:
        return Decision(verifying, (Ask(),), notes)
    return Decision(hidden(verifying), (Close("duplicate", "open-request", request.contact),), notes)


@looks_alike
def correct_email(request: Request, email: str, now: datetime) -> Decision:
    """Another address: a new version, judged anew. What was mailed to the old one is dead."""
    if request.state not in CORRECTABLE or request.applicant is None:
        raise WrongStep(request.state, "correct-email")
    applicant = request.applicant.model_copy(update={"email": email})
    killed = (KillCredentials(request.account_id),) if request.account_id else ()
    corrected = replace(
        _move(request, "verifying", now),
        applicant=applicant,
        request_version=request.request_version + 1,
        credentials_until=None,
        asks=0,
    )
    note = Note("verifying", "note-corrected", {"address": corrected.address})
    return Decision(_asked(corrected, now), (*killed, Ask()), (note,))


def collide(request: Request, email: str, now: datetime, *, silent: bool = False) -> Decision:
    """Another address that has an open request for this school, or is `silent`: this one becomes a duplicate."""
    corrected = correct_email(request, email, now)
    duplicate = replace(hidden(corrected.request), account_id=None)
    close = Close("duplicate", "open-request", None if silent else duplicate.contact)
    return Decision(duplicate, (*_unused(request), close), corrected.notes)


@looks_alike
def withdraw(request: Request, now: datetime) -> Decision:
    """The applicant gives up, before activation."""
    if request.state in ENDS:
        raise WrongStep(request.state, "withdraw")
    return _give_up(request, "withdrawn", now)


@looks_alike
def expire(request: Request, now: datetime) -> Decision:
    """Nothing has happened for 30 days."""
    if not is_overdue(request, now):
        raise WrongStep(request.state, "expire")
    return _give_up(request, "expired", now)


def lose(request: Request, now: datetime) -> Decision:
    """What it was corrected to was lost with the database."""
    return _give_up(request, "expired", now)


def is_overdue(request: Request, now: datetime) -> bool:
    """Whether the public face has waited in vain for 30 days."""
    return request.shown not in ENDS and now >= request.step_at + PATIENCE


def ask_again(request: Request, now: datetime) -> Decision:
    """No word has come: ask for the same version once more, and wait longer than before."""
    if request.state not in JUDGED:
        raise WrongStep(request.state, "ask-again")
    return Decision(_asked(request, now), (Ask(),))


def _judge(request: Request, verdict: Verdict) -> None:
    if request.state not in JUDGED or verdict.request_version != request.request_version:
        raise WrongStep(request.state, "verdict")


def _judge_waiting(request: Request, verdict: Verdict) -> None:
    """Words that only say where it waits overtake each other; the last one counts."""
    _judge(request, verdict)
    if verdict.number <= request.verdict_no:
        raise WrongStep(request.state, "verdict")


@shared
def hold(request: Request, verdict: Verdict, now: datetime) -> Decision:
    """The school is not registered: wait for it. Told again, nothing is new."""
    _judge_waiting(request, verdict)
    if request.state == "needs-school":
        return Decision(replace(request, verdict_no=verdict.number))
    held = replace(_move(request, "needs-school", now), verdict_no=verdict.number)
    return Decision(_asked(held, now), (), (Note("needs-school", "note-needs-school"),))


@shared
def refer(request: Request, verdict: Verdict, to: str, until: datetime | None, now: datetime) -> Decision:
    """A person decides: the head of the school or the department. Told the same again, nothing is new."""
    _judge_waiting(request, verdict)
    referral = f"{to} {until.isoformat() if until else ''}"
    if (request.state, request.referral) == ("referred", referral):
        return Decision(replace(request, verdict_no=verdict.number))
    referred = replace(_move(request, "referred", now), verdict_no=verdict.number, referral=referral)
    note = Note("referred", f"note-referred-{to}", {"until": moscow(until)} if until else {})
    return Decision(_asked(referred, now), (), (note,))


@shared
def decline(request: Request, verdict: Verdict, reason: str, now: datetime) -> Decision:
    """Registry refuses this version."""
    _judge(request, verdict)
    return _give_up(request, "declined", now, reason)


def wait_for_roll(request: Request, verdict: Verdict, now: datetime) -> Decision:
    """Verified for a school that has closed meanwhile: ask again, and hear where the staff record is by then."""
    _judge(request, verdict)
    return Decision(_asked(_move(request, "verifying", now), now))


@shared
def verify(
    request: Request, verdict: Verdict, *, left: bool, holder: Holder | None, fresh: UUID, now: datetime
) -> Decision:
    """Registry knows the person. `left`: the staff record has ended; `holder`: its live account; `fresh`: a new id."""
    _judge(request, verdict)
    if left:
        return _give_up(request, "declined", now, "left-roll")
    if holder is None:
        return _issue(request, fresh, (*_unused(request), OpenAccount(fresh)), now)
    if holder.account_id != request.account_id:
        close = Close("duplicate", "has-account", to_holder=holder.account_id)
        issued = _issue(request, None, (*_unused(request), close), now)
        return replace(issued, request=replace(issued.request, state="duplicate"))
    email = request.contact.email
    again = Readdress(holder.account_id, email) if holder.suspended else Reissue(holder.account_id, email)
    return _issue(request, holder.account_id, (again,), now)


def _issue(request: Request, account_id: UUID | None, effects: tuple[Effect, ...], now: datetime) -> Decision:
    mailed = not any(isinstance(effect, Readdress) for effect in effects)
    until = now + CREDENTIALS_VALID if mailed else now
    verified = _move(request, "verified", now)
    issued = replace(_move(verified, "issued", now), account_id=account_id, credentials_until=until, mail_no=0)
    notes = (Note("verified", "note-verified"), Note("issued", "note-issued", {"address": request.address}))
    return Decision(issued, effects, notes)


@looks_alike
def resend(request: Request, now: datetime) -> Decision:
    """New credentials to the address on file, when the old ones have expired or could not be delivered."""
    if request.state not in ISSUED:
        raise WrongStep(request.state, "resend")
    until = request.credentials_until
    if request.state == "issued" and until and until > now:
        raise Conflict("credentials-still-valid", until=until.isoformat())
    again = (Reissue(request.account_id),) if request.account_id else ()
    return replace(_mail_anew(request, now), effects=again)


def _mail_anew(request: Request, now: datetime) -> Decision:
    issued = replace(_move(request, "issued", now), credentials_until=now + CREDENTIALS_VALID, mail_no=0)
    return Decision(issued, (), (Note("issued", "note-issued", {"address": request.address}),))


@shared
def restore(request: Request, now: datetime) -> Decision:
    """The desk, or a confirmation, has let new credentials be mailed to the address on file, valid ones or not."""
    if request.state not in ISSUED:
        raise WrongStep(request.state, "restore")
    return _mail_anew(request, now)


@shared
def mail_credentials(request: Request, *, newest: bool, delivered: bool, number: int, now: datetime) -> Decision:
    """What became of the mail with the credentials: only the newest ones count, and of two words the later one."""
    if request.state not in ISSUED or not newest:
        raise WrongStep(request.state, "mail")
    state: State = "issued" if delivered else "undeliverable"
    note = Note(state, "note-mailed" if delivered else "note-bounced")
    if number <= request.mail_no:
        return Decision(request, (), (note,))
    moved = request if state == request.state else _move(request, state, now)
    return Decision(replace(moved, mail_no=number), (), (note,))


@shared
def mail_other(request: Request, *, delivered: bool) -> Decision:
    """What became of any other mail about the request: a line for the tracking page, if it went to the applicant."""
    to_holder = request.state == "duplicate" and request.mirrors is None
    if request.shown in ENDS or (to_holder and not delivered):
        raise WrongStep(request.state, "mail")
    return Decision(request, (), (Note(request.shown, "note-mailed" if delivered else "note-not-mailed"),))


@shared
def activate(request: Request, now: datetime) -> Decision:
    """The person has signed in and owns the account: the request is done."""
    return _end(request, Close("activated"), now)


@shared
def lose_account(request: Request, reason: str, now: datetime) -> Decision:
    """The account was disabled before its activation; the person is told of that, not of the request."""
    return _end(request, Close("declined", reason), now)
