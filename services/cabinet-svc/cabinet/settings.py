"""The settings of cabinet-svc."""

from chassis.settings import ServiceSettings
from pydantic import Field, SecretStr


class Settings(ServiceSettings):
    """`files` is a folder, made when it is first needed, or `s3://bucket/prefix` of an S3-compatible store, reached at
    `s3_endpoint` (AWS itself without one)."""

    files: str = Field(default="files", min_length=1)
    s3_endpoint: str | None = None
    s3_region: str = "us-east-1"
    s3_access_key: str | None = None
    s3_secret_key: SecretStr | None = None
