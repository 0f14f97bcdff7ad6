"""ASKED BY A PERSON: parse, act or read, shape."""

from fastapi import APIRouter

from registry.routes import applications, queue, referrals, schools, staff

router = APIRouter()
for part in (schools, queue, applications, staff, referrals):
    router.include_router(part.router)
