"""Looks at what a service needs before it can work: `python -m ekis_doctor SERVICE`."""
