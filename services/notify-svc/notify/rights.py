"""Who may do what in notify-svc; what is not here is denied."""

from chassis.auth import Rights

RIGHTS = Rights({"support": {"delivery": {"read": "any", "resend": "any"}, "suppression": {"lift": "any"}}})
