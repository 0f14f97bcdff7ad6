"""Exam results over HTTP: brought by an editor, read by who is entitled in a school."""

from fastapi import APIRouter

from cabinet.exams.routes import batches, results

router = APIRouter(tags=["exam results"])
router.include_router(batches.router)
router.include_router(results.router)
