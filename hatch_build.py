"""Builds the page's own code into the wheel, so that who installs it needs no Node.js."""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs ``page/build_assets.py`` before a wheel is put together."""

    def initialize(self, version: str, _build_data: dict[str, Any]) -> None:
        """Build the page's code where this is a wheel that is not linked to a checkout."""
        if self.target_name != "wheel" or version == "editable":
            return
        script = Path(self.root) / "page" / "build_assets.py"
        spec = importlib.util.spec_from_file_location("build_assets", script)
        if spec is None or spec.loader is None:
            raise RuntimeError(f"{script} cannot be loaded.")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.build(module.ASSETS)
