"""What the person signed in wants to be told of, when and in which language."""

from typing import Annotated, Any

from chassis.auth import Caller
from chassis.http import InTransaction
from chassis.paging import IfMatch, etag, require_match
from ekis_contracts.fields import Body
from ekis_contracts.values import Lang
from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, Field

from notify.actions import preferences as actions
from notify.domain.preferences import MORNING, Preferences, Wish, known_kinds
from notify.rights import RIGHTS

router = APIRouter(tags=["preferences"])


class PreferencesIn(Body):
    """Kinds left out are as usual; `digest_hour` is Moscow's; without `lang` the language is that of the account."""

    kinds: Annotated[dict[str, Wish], Field(default_factory=dict), AfterValidator(known_kinds)]
    digest_hour: Annotated[int, Field(ge=0, le=23)] = MORNING
    lang: Lang | None = None

    def chosen(self) -> Preferences:
        """As the domain takes them."""
        return Preferences(Preferences.of(self.kinds).kinds, self.digest_hour, self.lang)


class PreferencesOut(BaseModel):
    """Every kind of notice. What concerns the account and its safety is mailed always and is not listed."""

    kinds: dict[str, Wish]
    digest_hour: int
    lang: Lang | None


@router.get("/preferences")
async def read_preferences(response: Response, tx: InTransaction, who: Caller) -> PreferencesOut:
    """The own ones, or the usual ones of whoever has chosen nothing yet."""
    RIGHTS.require(who, "read", "preferences", account_id=who.account_id)
    return _shown(response, await actions.preferences_of(tx, who.account_id))


@router.put("/preferences")
async def save_preferences(
    body: PreferencesIn, response: Response, tx: InTransaction, who: Caller, if_match: IfMatch = None
) -> PreferencesOut:
    """Choose anew."""
    RIGHTS.require(who, "write", "preferences", account_id=who.account_id)
    before = await actions.preferences_for_update(tx, who.account_id)
    require_match(if_match, before.version, **_fields(before))
    return _shown(response, await actions.save_preferences(tx, who.account_id, before, body.chosen()))


def _fields(it: Preferences) -> dict[str, Any]:
    return {"kinds": dict(it.kinds), "digest_hour": it.digest_hour, "lang": it.lang}


def _shown(response: Response, it: Preferences) -> PreferencesOut:
    response.headers["ETag"] = etag(it.version)
    return PreferencesOut(**_fields(it))
