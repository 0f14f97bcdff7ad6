"""The head of a school as registers write it: acting or not, with the post before or behind the name."""

import re

_POSTS = {  # stem -> as it is, and as "acting" asks for it
    "директор": ("директор", "и.о. директора"),
    "заведующая": ("заведующая", "и.о. заведующей"),
    "заведующей": ("заведующая", "и.о. заведующей"),
    "завед": ("заведующий", "и.о. заведующего"),
    "зав.": ("заведующий", "и.о. заведующего"),
    "начальник": ("начальник", "и.о. начальника"),
    "ректор": ("ректор", "и.о. ректора"),
    "руководител": ("руководитель", "и.о. руководителя"),
    "председател": ("председатель", "и.о. председателя"),
}
_STEMS = "|".join(map(re.escape, _POSTS))
_ACTING = r"(?:и\.\s*о\.?|ио(?=\s)|врио|врид|исполняющ\w+\s+обязанности)"
_POST = rf"(?:({_STEMS})(?:[аья]|ующ(?:ий|его))?\.?(?:\s+школы)?)"
_BEFORE = re.compile(rf"^(?:({_ACTING})\s*{_POST}?|{_POST})(?![^\W\d_])[\s:.–—-]*", re.IGNORECASE)
_BEHIND = re.compile(rf"\s*[–—(-]+\s*({_ACTING})?\s*{_POST}?\b.*$", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[ .'’-]+[^\W\d_]+)*\.?")


def head_of(text: str) -> tuple[str | None, str | None]:
    """Name and post of a tidy cell; no name when what is left is none."""
    said = _BEFORE.match(text)
    name = text[said.end() :] if said else text
    acting, stem = (said[1], said[2] or said[3]) if said else (None, None)
    behind = _BEHIND.search(name)
    if behind and (behind[1] or behind[2]):
        acting, stem, name = behind[1] or acting, behind[2] or stem, name[: behind.start()]
    name = name.strip(" ,;")
    return (name if _NAME.fullmatch(name) and " " in name else None), _post(acting, stem)


def _post(acting: str | None, stem: str | None) -> str | None:
    if stem is None:
        return _POSTS["руководител"][1] if acting else None
    return _POSTS[stem.lower()][bool(acting)]
