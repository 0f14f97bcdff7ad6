"""ASKED BY A PERSON: parse, act or read, shape."""

from fastapi import APIRouter

from registry.routes import applications, closing, imports, queue, referrals, schools, search, staff

router = APIRouter()
for part in (search, schools, closing, queue, applications, staff, referrals, imports):
    router.include_router(part.router)
