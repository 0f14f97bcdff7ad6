"""What the desk writes every day; the texts are data."""

import tomllib
from importlib.resources import files

from ekis_contracts.values import Lang

from identity.domain.tickets import Ticket

CONFIRMED = "confirmed"  # what the system itself answers when a link of a mail was followed
SILENT = "silent"  # and when nobody has answered the desk
BY_ITSELF = (CONFIRMED, SILENT)
TEMPLATES: dict[str, dict[Lang, str]] = tomllib.loads(files(__package__).joinpath("templates.toml").read_text("utf-8"))


def fill(template: str, ticket: Ticket) -> str:
    """The template in the language of the ticket's mails, with its number and the person's name."""
    name = f", {ticket.name}" if ticket.name else ""
    return TEMPLATES[template][ticket.lang].replace("{number}", ticket.number).replace("{name}", name)
