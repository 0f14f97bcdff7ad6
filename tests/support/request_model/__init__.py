"""The request story as an exhaustive model: the services' own rules, every interleaving of what may happen.

A stranger knows a teacher's name and address and holds the tracking code of a request filed with them. Messages arrive
in any order; every step of a person, a loop or the roll may come between any two of them. What is decided is decided
by `registry.domain` and `identity.domain`; the model only repeats how their actions load, save and publish.
"""

from request_model.state import Bounds
from request_model.walking import Found, search

__all__ = ["Bounds", "Found", "search"]
