"""Support for tests: fresh databases, a service opened in process, a bus in memory. Not a part of the runtime."""
