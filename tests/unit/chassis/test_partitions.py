"""A key goes where every other Kafka client would put it."""

import pytest
from aiokafka.partitioner import DefaultPartitioner
from chassis.kafka import by_key
from hypothesis import given
from hypothesis import strategies as st

PARTITIONS = [0, 1, 2]


@given(key=st.binary(max_size=80))
def test_the_partition_is_that_of_the_default_partitioner(key: bytes) -> None:
    assert by_key(key, PARTITIONS, PARTITIONS) == DefaultPartitioner()(key, PARTITIONS, PARTITIONS)


# As org.apache.kafka.common.utils.Utils.murmur2 has it (UtilsTest of Apache Kafka)
@pytest.mark.parametrize(
    ("key", "murmur2"), [(b"21", -973932308), (b"foobar", -790332482), (b"a-little-bit-long-string", -985981536)]
)
def test_the_partition_is_that_of_java(key: bytes, murmur2: int) -> None:
    many = range(7919)
    assert by_key(key, many, many) == (murmur2 & 0x7FFFFFFF) % 7919
