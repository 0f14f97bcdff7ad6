"""ASKED BY A PERSON: parse, act or read, shape."""

from fastapi import APIRouter

from registry.routes import applications, closing, referrals, schools, staff

router = APIRouter()
for part in (schools, closing, applications, staff, referrals):
    router.include_router(part.router)
