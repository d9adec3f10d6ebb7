"""Print the lowest versions that pyproject.toml allows, as constraints for pip.

torch is left out: below the version that CI installs, there is no build for the CPU alone on PyPI.
"""

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
required = [
    *project["dependencies"],
    *project["optional-dependencies"]["cpu"],
    *project["optional-dependencies"]["openai"],
]
for requirement in required:
    name, lowest = re.fullmatch(r"([A-Za-z0-9._-]+)>=([0-9.]+)", requirement).groups()
    if name != "torch":
        print(f"{name}=={lowest}")
