"""How people are called in what is answered."""

from chassis.problems import Texts, text_of


def called(texts: Texts, lang: str, name: str | None, former_no: int | None) -> str | None:
    """By name; whose name is erased is a former employee with a number of the school."""
    if name is None and former_no is not None:
        return text_of(texts, "former-employee", lang, {"no": former_no})
    return name
