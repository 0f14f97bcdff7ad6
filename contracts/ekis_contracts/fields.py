"""Text fields of requests: normalised, bounded, without characters that hide or break. They raise Fault with a code."""

import re
import unicodedata
from typing import Annotated

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from ekis_contracts.fault import Fault

# Controls, format characters (bidi and zero width too), surrogates, private use (Unicode, general categories)
_REFUSED = ("Cc", "Cf", "Cs", "Co", "Cn")
_REGION = "RU"


class Body(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


def line(text: str) -> str:
    """One line: NFC, single spaces, no control, format or unassigned characters."""
    text = unicodedata.normalize("NFC", text.strip())
    if any(unicodedata.category(letter) in _REFUSED for letter in text):
        raise Fault("forbidden-characters")
    return " ".join(text.split())


def paragraphs(text: str) -> str:
    """Several lines of the same."""
    return "\n".join(line(part) for part in text.splitlines()).strip()


def filled(text: str) -> str:
    """Not empty once trimmed."""
    if not text:
        raise Fault("empty")
    return text


def person_name(text: str) -> str:
    """Cyrillic or Latin letters with hyphens, apostrophes and spaces between them; `ё` is kept."""
    for letter in text:
        known = unicodedata.name(letter, "")
        if letter not in "-'’ ." and not known.startswith(("CYRILLIC", "LATIN")):
            raise Fault("name-letters", letter=letter)
    if not any(letter.isalpha() for letter in text):
        raise Fault("name-letters", letter=text[:1])
    return text


def email(text: str) -> str:
    """One address (RFC 5321), domain in lower case; names of the domain are not looked up."""
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Fault("email-format") from None


def phone(text: str) -> str:
    """Any common way of writing it, with its area code; kept as E.164."""
    try:
        number = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        raise Fault("phone-format") from None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise Fault("phone-format")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_SCHEME = re.compile(r"(https?)://", re.IGNORECASE)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,24}")


def site(text: str) -> str:
    """A web address: its scheme (http if none is given), the host in lower case, no slash at the end."""
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else text
    host, slash, path = rest.partition("/")
    if not _HOST.fullmatch(host) or "@" in rest:
        raise Fault("site-format")
    return f"{(scheme[1].lower() if scheme else 'http')}://{host.lower()}{slash}{path}".rstrip("/")


Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(line), AfterValidator(filled)]
LongLine = Annotated[str, StringConstraints(max_length=1000), AfterValidator(line), AfterValidator(filled)]
Paragraphs = Annotated[str, StringConstraints(max_length=5000), AfterValidator(paragraphs), AfterValidator(filled)]
PersonName = Annotated[
    str,
    StringConstraints(max_length=100),
    AfterValidator(line),
    AfterValidator(filled),
    AfterValidator(person_name),
]
Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(line), AfterValidator(email)]
Phone = Annotated[str, StringConstraints(max_length=40), AfterValidator(line), AfterValidator(phone)]
Site = Annotated[
    str, StringConstraints(max_length=300), AfterValidator(line), AfterValidator(filled), AfterValidator(site)
]
