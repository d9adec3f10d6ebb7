"""The engine versions this package was tried with, and the error raised where another one behaves differently.

Both engines are used below their documented interface: transformers' cache layers, OpenVINO's paged attention. Every
such assumption is checked when a model is loaded, so that a new version fails there, with its number, and not in the
middle of a run.
"""

import importlib.metadata

from syndisco_nb.errors import ModelError

TRIED = {"openvino": "2026.4.1", "openvino-genai": "2026.4.1.0", "transformers": "5.23.0"}


def check_engine(package: str, holds: bool, assumption: str) -> None:
    """Refuse an engine for which an assumption does not hold.

    Parameters
    ----------
    package : str
        A key of `TRIED`.
    holds : bool
    assumption : str
        A clause such as "a cache layer has keys and values".

    Raises
    ------
    ModelError
        If it does not hold.
    """
    if not holds:
        raise ModelError(
            f"{package} {importlib.metadata.version(package)} does not work as expected ({assumption}). This package "
            f"was tried with {TRIED[package]}. Run: pip install {package}=={TRIED[package]}"
        )
