"""Codes that people read aloud and type: one spelling for every service that hands some out."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_GROUP = 4
_READ_AS = str.maketrans("OIL", "011")


def spell(secret: bytes) -> str:
    """In groups of four: 80 bits are XXXX-XXXX-XXXX-XXXX."""
    number = int.from_bytes(secret)
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(len(secret) * 8 - 5, -1, -5))
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def plain(code: str) -> str:
    """A code as a person may have typed it: any case, with or without hyphens, O for 0, I or L for 1."""
    return "".join(code.split()).replace("-", "").upper().translate(_READ_AS)
