"""How a broker is reached, and what its administrator's client answers."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from time import monotonic, sleep
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

PATIENCE = 30.0  # seconds for one answer

Settings = dict[str, str | int | float | bool]


def client_settings(kafka: str, login: tuple[str, str] | None, ca: str | None = None) -> Settings:
    """How a confluent-kafka client reaches the broker: without a login no SASL; with `ca`, a file, TLS."""
    settings: Settings = {"bootstrap.servers": kafka}
    if ca:
        settings |= {"security.protocol": "SSL", "ssl.ca.location": ca}
    if login:
        settings |= {
            "security.protocol": "SASL_SSL" if ca else "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": login[0],
            "sasl.password": login[1],
        }
    return settings


def settle(answers: Iterable[Future[Any]], but: int | None = None) -> list[Any]:
    """Wait for all. Raises KafkaException for the first that failed, unless with the error `but`."""
    results = []
    for answer in answers:
        try:
            results.append(answer.result())
        except KafkaException as error:
            if error.args[0].code() != but:
                raise
    return results


def until(holds: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Brokers learn a moment later what their controller has decided. Raises TimeoutError."""
    deadline = monotonic() + patience
    while not holds():
        if monotonic() > deadline:
            raise TimeoutError("the broker has said yes, and does not do it")
        sleep(0.05)


def admin_of(settings: Settings) -> AdminClient:
    """An administrator's client. Raises KafkaException when no broker answers."""
    client = AdminClient(settings | {"log_level": 0})
    client.list_topics(timeout=PATIENCE)
    return client
