"""Keys for a stack of one's own: `python -m ekis_local.keys DIR` makes what is missing."""

import json
import secrets
import sys
from pathlib import Path
from typing import Literal

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
    _make_pair("Ed25519", "sig", root / "identity" / "signing_keys", public / "tokens.json")


def _make_pair(curve: Literal["Ed25519", "X25519"], use: str, private: Path, public: Path) -> None:
    if private.exists() and public.exists():
        return
    key = OKPKey.generate_key(curve, {"use": use})
    key.ensure_kid()
    write_private(private, json.dumps({"keys": [key.as_dict(private=True)]}))
    public.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))


if __name__ == "__main__":
    make_keys(Path(sys.argv[1]))
