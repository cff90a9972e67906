"""Puts what the pages take from npm into a wheel."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PartsHook(BuildHookInterface[Any]):
    """Has the parts installed before a wheel is made, and fails where they cannot be had."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Install the parts unless they are there; a package that is used where it stands gets them from `make`."""
        if version != "editable" and not (Path(self.root) / "service/static/parts").exists():
            subprocess.run([sys.executable, "-m", "service.parts.install"], cwd=self.root, check=True)
