"""Which mail goes first, and which a stranger may cause."""

from datetime import timedelta

# Lower goes first. Bulk has places of its own, so that neither waits for the other's end.
SECURITY, TRANSACTIONAL, BULK = 1, 2, 3

_GUARDS = (
    *("account-created", "account-suspended", "account-resumed", "account-disabled", "access-restored", "address-"),
    *("password-changed", "refresh-token-reused", "second-factor-changed", "confirmation-"),
)
_NEWS = ("notice-", "digest")

# Mails that a stranger can cause to any address, and how many of them together one gets in an hour.
STRANGERS = (
    "request-received",
    "application-submitted",
    "ticket-opened",
    "confirmation-restore",
    "confirmation-email-change",
    "confirmation-email-code",
)
QUOTA, QUOTA_TIME = 10, timedelta(hours=1)


def priority_of(purpose: str) -> int:
    """SECURITY for what guards an account, BULK for news, TRANSACTIONAL for answers."""
    if purpose.startswith(_GUARDS):
        return SECURITY
    return BULK if purpose.startswith(_NEWS) else TRANSACTIONAL
