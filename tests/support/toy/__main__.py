"""`python -m toy run`, as every service."""

from toy import service

service.main()
