"""The published language of EKIS: every event as a typed, versioned model, its envelope and its seals.

City systems may install this package alone: it knows nothing of databases or brokers.
"""

from ekis_contracts.envelope import Envelope, Record, Undecodable, read, write
from ekis_contracts.event import Event, catalogue, decode, read_event
from ekis_contracts.sealing import ForCabinet, ForIdentity, ForNotify, ForRegistry, Sealed, SealError, Seals

__all__ = [
    "Envelope",
    "Event",
    "ForCabinet",
    "ForIdentity",
    "ForNotify",
    "ForRegistry",
    "Record",
    "SealError",
    "Sealed",
    "Seals",
    "Undecodable",
    "catalogue",
    "decode",
    "read",
    "read_event",
    "write",
]
