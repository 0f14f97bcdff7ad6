"""Keys for a stack of one's own: `python -m ekis_local.keys DIR` makes what is missing.

The key of access tokens rotates in three steps: publish the next one everywhere, sign with it, drop the one before when
no token of it lives any more. Services read the files again by themselves. Refresh tokens are of another key.
"""

import json
import secrets
import sys
from pathlib import Path
from typing import Any, Literal

from chassis.settings import SERVICES
from joserfc.jwk import OKPKey

from ekis_local.private import write_private


def make_keys(root: Path) -> None:
    """Make root/public/*.json, root/<service>/{seal_keys,hmac_key} and identity's signing_keys; keep what exists."""
    public = root / "public"
    public.mkdir(parents=True, exist_ok=True)
    for service in SERVICES:
        own = root / service
        own.mkdir(mode=0o700, exist_ok=True)
        _make_pair("X25519", "enc", own / "seal_keys", public / f"seal-{service}.json")
        if not (own / "hmac_key").exists():
            write_private(own / "hmac_key", secrets.token_hex(32))
    _make_pair("Ed25519", "sig", *_token_keys(root))


def publish_next_key(root: Path) -> None:
    """Everybody may verify with a new key; nothing is signed with it yet."""
    key = _new_key("Ed25519", "sig")
    private, public = _token_keys(root)
    _write_set(public, [*_read_set(public), key.as_dict(private=False)])
    _write_set(private, [*_read_set(private), key.as_dict(private=True)])


def sign_with_next_key(root: Path) -> None:
    """The last of the set becomes the first, with which identity signs."""
    private, _ = _token_keys(root)
    *before, key = _read_set(private)
    _write_set(private, [key, *before])


def drop_old_keys(root: Path) -> None:
    """Only the key that signs stays: nothing signed with another one is taken any more."""
    private, public = _token_keys(root)
    signing = _read_set(private)[0]
    _write_set(public, [key for key in _read_set(public) if key["kid"] == signing["kid"]])
    _write_set(private, [signing])


def _token_keys(root: Path) -> tuple[Path, Path]:
    return root / "identity" / "signing_keys", root / "public" / "tokens.json"


def _read_set(file: Path) -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = json.loads(file.read_text())["keys"]
    return keys


def _write_set(file: Path, keys: list[dict[str, Any]]) -> None:
    write_private(file, json.dumps({"keys": keys}))


def _new_key(curve: Literal["Ed25519", "X25519"], use: str) -> OKPKey:
    key = OKPKey.generate_key(curve, {"use": use})
    key.ensure_kid()
    return key


def _make_pair(curve: Literal["Ed25519", "X25519"], use: str, private: Path, public: Path) -> None:
    if private.exists() and public.exists():
        return
    key = _new_key(curve, use)
    _write_set(private, [key.as_dict(private=True)])
    public.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))


if __name__ == "__main__":
    make_keys(Path(sys.argv[1]))
