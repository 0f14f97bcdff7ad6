"""ASKED BY A PERSON: parse, act or read, shape."""

from fastapi import APIRouter

from registry.routes import applications, closing, imports, oneroster, queue, referrals, schools, search, staff, systems

router = APIRouter()
for part in (search, schools, closing, queue, applications, staff, referrals, imports, oneroster, systems):
    router.include_router(part.router)
