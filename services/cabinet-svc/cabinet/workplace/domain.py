"""Workplaces: what the form must say."""

import re
from dataclasses import dataclass, replace
from typing import Self

from chassis.errors import Fault
from ekis_contracts.values import Category, Employment

from cabinet.people.domain import Account, School, Standing

SUBJECTS = (
    "Русский язык", "Литература", "Математика", "Алгебра", "Геометрия", "Вероятность и статистика", "Информатика",
    "История", "Обществознание", "География", "Физика", "Химия", "Биология", "Окружающий мир", "Английский язык",
    "Немецкий язык", "Французский язык", "Испанский язык", "Китайский язык", "Музыка", "Изобразительное искусство",
    "Труд (технология)", "Физическая культура", "Основы безопасности и защиты Родины", "Начальные классы",
)  # fmt: skip
_BY_SPELLING = {subject.casefold(): subject for subject in SUBJECTS}
_SUBJECT = re.compile(r"[А-ЯЁа-яёA-Za-z][А-ЯЁа-яёA-Za-z0-9 ,.()«»-]+")
_TEACHERS = ("учитель", "преподаватель")


@dataclass(frozen=True)
class Post:
    """What the roll has fixed."""

    post: str
    division: str | None
    category: Category
    employment: Employment | None


@dataclass(frozen=True)
class Form:
    """What the person fills in; what is None is not filled in yet."""

    building: str | None = None
    subjects: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    employment: Employment | None = None
    work_phone: str | None = None
    room: str | None = None
    proposed_post: str | None = None


@dataclass(frozen=True)
class Workplace:
    """A workplace with all that surrounds it. The school is None until its copy has come."""

    account: Account
    school: School | None
    post: Post
    form: Form
    version: int

    @property
    def missing(self) -> list[str]:
        """Required fields that are still empty."""
        required = ["building", "work_phone", *(["subjects"] if teaches(self.post.post) else [])]
        return [field for field in required if not getattr(self.form, field)]

    @property
    def complete(self) -> bool:
        """Nothing required is missing."""
        return not self.missing

    def require_writable(self) -> Self:
        """Raises Conflict at a school that has closed: what is there can be read."""
        of = (self.school.short_name, self.school.status) if self.school else (None, None)
        Standing(self.account.state, *of).require(writing=True)
        return self

    def filled(self, form: Form) -> Self:
        """With another form; a proposal of the very post one has is none."""
        proposed = (form.proposed_post or "").casefold()
        if proposed == self.post.post.casefold():
            form = replace(form, proposed_post=None)
        return replace(self, form=form)


def teaches(post: str) -> bool:
    """Whether the post is a teacher's."""
    return any(word in post.casefold() for word in _TEACHERS)


def subject(text: str) -> str:
    """A subject, in the dictionary's spelling where it is there. Raises Fault."""
    if not _SUBJECT.fullmatch(text):
        raise Fault("subject-format", text=text)
    return _BY_SPELLING.get(text.casefold(), text)
