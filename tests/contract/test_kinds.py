"""What a service reports as erased has a name in the act that identity prints."""

from pathlib import Path

import identity
import pytest
from cabinet.mydata.actions import PERSONAL
from chassis.problems import load_texts

TEXTS = load_texts(Path(identity.__file__).parent)
REPORTED = {
    "cabinet": {*PERSONAL, "names"},
    "notify": {"addresses", "mails", "preferences", "entries"},
    "registry": {"requests", "workplaces"},
}


@pytest.mark.parametrize("kind", sorted(set().union(*REPORTED.values())))
def test_every_kind_that_is_erased_has_a_name_in_both_languages(kind: str) -> None:
    assert set(TEXTS[f"erased-{kind}"]) == {"ru", "en"}
