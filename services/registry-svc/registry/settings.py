"""The registry has no settings of its own."""

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Those that every service has."""
