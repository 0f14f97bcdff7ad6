"""Background work of notify: mails go out, digests are put together."""

from notify.loops import digests, sending

LOOPS = (*digests.LOOPS, *sending.LOOPS)
