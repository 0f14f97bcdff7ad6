"""Programs of Debian that tests run, installed if this machine is ours to install on."""

import os
import shutil
import subprocess

import pytest


def installed(package: str) -> str:
    """The path of the program that is named as its package."""
    if shutil.which(package) is None:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            pytest.fail(f"install it: sudo apt-get install {package}")
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", package], check=True)
    return shutil.which(package) or package
