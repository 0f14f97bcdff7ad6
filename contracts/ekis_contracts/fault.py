"""What a rule about one value raises."""

from typing import Any


class Fault(ValueError):
    """One value breaks one rule. Inside a request model it becomes an entry of `errors` with its JSON pointer."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
