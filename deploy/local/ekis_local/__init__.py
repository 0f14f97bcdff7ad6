"""The native stack: what `make run` starts and the system tests use, without containers.

For tests: `stack.temporary_stack`, `postgres.temporary_postgres`, `kafka.temporary_kafka`, `devmail.Devmail`.
"""
