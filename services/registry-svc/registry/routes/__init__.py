"""ASKED BY A PERSON: parse, act or read, shape."""

from fastapi import APIRouter

from registry.routes import applications, closing, imports, referrals, schools, staff

router = APIRouter()
for part in (schools, closing, applications, staff, referrals, imports):
    router.include_router(part.router)
