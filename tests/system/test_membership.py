"""What a member of a consumer group is given when it comes back at once, as in an upgrade and in a rollback."""

from chassis.kafka import Broker, stop_client
from delivery import ECHOES, STEPS, World
from waiting import until


async def test_a_replica_that_comes_back_is_given_what_it_listens_to_now(world: World) -> None:
    broker = Broker(world.it.runtime.settings, "membership")
    for topics in ([STEPS], [STEPS, ECHOES], [STEPS]):
        client = broker.consumer(broker.group, topics)
        client.subscribe(topics=topics)
        await client.start()

        async def given(client: object = client, topics: list[str] = topics) -> bool:
            return {place.topic for place in client.assignment()} == set(topics)  # type: ignore[attr-defined]

        try:
            await until(given, f"the partitions of {topics}")
        finally:
            await stop_client(client)
