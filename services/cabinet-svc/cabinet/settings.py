"""The settings of cabinet-svc."""

from chassis.settings import ServiceSettings
from pydantic import Field, SecretStr


class Settings(ServiceSettings):
    """Where files are kept."""

    files: str = Field(default="files", min_length=1)
    """a folder, made when it is first needed, or `s3://bucket/prefix` of an S3-compatible store"""
    s3_endpoint: str | None = None
    """address of that store; AWS itself without one"""
    s3_region: str = "us-east-1"
    """its region"""
    s3_access_key: str | None = None
    """its access key"""
    s3_secret_key: SecretStr | None = None
    """the secret of that access key"""
