"""REMEMBER: all SQL of notify-svc."""
