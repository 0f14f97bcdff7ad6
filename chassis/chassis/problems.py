"""Refusals as RFC 9457 problem+json, in the caller's language. The texts are data: messages.toml of each package."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from chassis.db import is_transient
from chassis.errors import AppError, Busy, Fault, FieldError, Invalid
from chassis.telemetry import failure

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
SCHEMA = {"schema": {"type": "object", "required": ["type", "title", "status", "code", "instance"]}}
REFUSALS = (AppError, RequestValidationError, HTTPException)  # what else is raised is answered by the edge
_BY_SQLSTATE = {"22021": "forbidden-characters", "22P05": "forbidden-characters"}  # not UTF-8, NUL
_BY_SQLSTATE |= dict.fromkeys(("22000", "22003", "22008"), "invalid-value")  # what no column can hold
_BY_STATUS = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}

Texts = Mapping[str, Mapping[str, str]]


def load_texts(folder: Path) -> Texts:
    """Message catalogues, the service's over the chassis': code -> language -> text with {params}."""
    both = (Path(__file__).parent, folder)
    return {code: text for one in both for code, text in tomllib.loads((one / "messages.toml").read_text()).items()}


def language(request: Request) -> str:
    """`ru` unless the caller asks for English first (RFC 9110 Accept-Language, the first tag only)."""
    return "en" if request.headers.get("accept-language", "").strip().lower().startswith("en") else "ru"


def text_of(texts: Texts, code: str, lang: str, params: Mapping[str, Any]) -> str:
    """The message of a code; a code without one gets the general message."""
    return texts.get(code, texts["invalid-value"])[lang].format_map(defaultdict(lambda: "?", params))


async def answer(request: Request, error: Exception) -> JSONResponse:
    """The problem document of any failure; never an exception's own text."""
    refusal = _refusal(error)
    request.state.problem = refusal.code
    texts: Texts = request.app.state.runtime.texts
    lang = language(request)
    body: dict[str, Any] = {
        "type": f"urn:ekis:problem:{refusal.code}",
        "title": text_of(texts, refusal.code, lang, refusal.params),
        "status": refusal.status,
        "code": refusal.code,
        "instance": request.state.request_id,
    }
    if refusal.errors:
        body["errors"] = [
            {"pointer": one.pointer, "code": one.code, "detail": text_of(texts, one.code, lang, one.params)}
            for one in refusal.errors
        ]
    headers = {**refusal.headers, "Content-Language": lang}
    return JSONResponse({**refusal.params, **body}, refusal.status, headers, MEDIA_TYPE)


def _refusal(error: Exception) -> AppError:
    if isinstance(error, AppError):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        params: Any = error.detail if isinstance(error.detail, Mapping) else {}
        refusal = AppError(_BY_STATUS.get(error.status_code, "malformed"), **params)
        refusal.status, refusal.headers = error.status_code, dict(error.headers or {})
        return refusal
    if is_transient(error):
        return Busy("temporarily-unavailable", seconds=2)
    if code := _BY_SQLSTATE.get("22021" if isinstance(error, UnicodeEncodeError) else getattr(error, "sqlstate", "")):
        return Invalid(code)
    log.error("request-failed", reason=failure(error))
    return AppError("internal-error")


def _invalid(error: RequestValidationError) -> AppError:
    """The first entry's code is the problem's code, so that a client may look at one place."""
    entries = [_field_error(one) for one in error.errors()]
    problem = Invalid(entries[0].code, entries[0].pointer, **entries[0].params)
    problem.errors = entries
    problem.status = 400 if entries[0].code == "json-invalid" else 422
    return problem


def _field_error(one: Mapping[str, Any]) -> FieldError:
    code = str(one["type"]).replace("_", "-")
    pointer = "".join(f"/{part}" for part in one["loc"][1:]) if code != "json-invalid" else ""
    context = one.get("ctx", {})
    if isinstance(context.get("error"), Fault):
        return FieldError(pointer, context["error"].code, context["error"].params)
    params = {key: value for key, value in context.items() if key != "error" and isinstance(value, str | int)}
    return FieldError(pointer, code, params)
