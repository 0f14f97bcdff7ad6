"""Background work of notify: mails go out, bounces come back, old rows end."""

from notify.loops import bounces, sending, upkeep

LOOPS = (*sending.LOOPS, *bounces.LOOPS, *upkeep.LOOPS)
