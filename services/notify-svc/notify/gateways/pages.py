"""The one page that notify shows by itself: unsubscribing, for people whose mail program has no button of its own."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from notify.gateways.letters import PHRASES, TEMPLATES

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def unsubscribe_page(lang: str, kind: str, *, done: bool) -> str:
    """The question with its button, or that it is done."""
    said = {"lang": lang, "kind": PHRASES["kind"][kind][lang], "done": done}
    return _ENVIRONMENT.get_template("unsubscribe.html").render(said)
