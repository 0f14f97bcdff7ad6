"""Background work of notify: digests are put together, mails go out, bounces come back, old rows end."""

from notify.loops import bounces, digests, sending, upkeep

LOOPS = (*digests.LOOPS, *sending.LOOPS, *bounces.LOOPS, *upkeep.LOOPS)
