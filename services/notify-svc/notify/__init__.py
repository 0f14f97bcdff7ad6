"""notify-svc: what happened becomes a mail to the person it concerns."""
