"""One keyboard, two alphabets: what was typed with the other layout on."""

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбю"

_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)


def as_typed(folded: str) -> set[str]:
    """The text, and what the same keys give in either layout: `gfhjkm` is `пароль`."""
    return {folded, folded.translate(_TO_CYRILLIC).replace("ё", "е"), folded.translate(_TO_LATIN)}
