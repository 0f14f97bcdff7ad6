"""Whatever happens to an account in whatever order: only the newest credential opens it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from chassis.errors import AppError
from hypothesis import given, settings
from hypothesis import strategies as st
from identity.domain import accounts
from identity.domain.accounts import Account, Staff
from identity.domain.credentials import Proof, one_time_digest, proof_wanted

SECRET = b"s" * 32
ID = UUID(int=7)
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
STAFF = Staff(UUID(int=1), UUID(int=2), "employee", "учитель")

activate = partial(accounts.activate, now=NOW, is_short=False)
change_password = partial(accounts.change_password, is_short=False)


@dataclass
class Life:
    """An account, every secret that was ever valid for it, and the epochs of the sessions it has had."""

    account: Account
    one_time: list[str] = field(default_factory=list)
    epochs: set[int] = field(default_factory=set)
    newest: str | None = None  # the only secret that may open it

    def mail(self, give: Callable[..., Account]) -> Account:
        number = self.account.credential_no + 1
        password = f"{number:016d}"
        fresh = give(self.account, one_time_digest(SECRET, ID, number, password), number, NOW)
        self.one_time.append(password)
        self.newest = password
        return fresh

    def set_password(self, give: Callable[[str], Account]) -> Account:
        name = f"hash of epoch {self.account.session_epoch}"
        made = give(name)
        self.newest = name
        return made

    def kill(self) -> Account:
        """A password of one's own stays."""
        self.newest = self.account.password_hash
        return accounts.kill_credentials(self.account)

    def step(self, name: str) -> None:
        one = self.account
        acts: dict[str, Callable[[], Account]] = {
            "issue": lambda: self.mail(accounts.issue),
            "restore": lambda: self.mail(accounts.restore),
            "kill": self.kill,
            "activate": lambda: self.set_password(
                lambda h: accounts.activate(one, one.session_epoch, h, NOW, is_short=False)
            ),
            "change": lambda: self.set_password(
                lambda h: accounts.change_password(one, one.session_epoch, h, is_short=False)
            ),
            "suspend": lambda: accounts.suspend(one, "desk"),
            "resume": lambda: accounts.resume(one, "desk"),
            "leave": lambda: accounts.leave_roll(one, NOW),
            "disable": lambda: accounts.disable(one, "desk", NOW),
        }
        self.account = acts[name]()
        if self.account.session_epoch != one.session_epoch:
            self.epochs.add(one.session_epoch)

    def look(self) -> None:
        """Only the newest secret, a one-time password or a password, and no older session."""
        fits = [one for one in self.one_time if proof_wanted(self.account, one, SECRET, NOW) == Proof(given=True)]
        assert fits in ([], [self.newest])
        kept = proof_wanted(self.account, "whatever it is", SECRET, NOW).password_hash
        assert kept in (None, self.newest)
        for epoch in self.epochs:
            try:
                activate(self.account, epoch, "stolen")
            except AppError:
                continue
            raise AssertionError("a session of older credentials has set a password")


STEPS = ("issue", "restore", "kill", "activate", "change", "suspend", "resume", "leave", "disable")


@settings(max_examples=600)
@given(st.lists(st.sampled_from(STEPS), max_size=25))
def test_an_older_credential_never_works(steps: list[str]) -> None:
    life = Life(Account(ID, "issued", "ivanova.a", None, "a@b.ru", staff=STAFF))
    for name in steps:
        try:
            life.step(name)
        except AppError:
            continue
        life.look()
