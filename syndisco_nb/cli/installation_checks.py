"""Checks of an installation: versions, engines, devices, weights, extras, disk, and an answer of the bundled model."""

import importlib.util
import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from syndisco_nb._version import __version__
from syndisco_nb.errors import SyndiscoError, said
from syndisco_nb.wording import count, shortened

OK, NONE, FAULT = "ok", "none", "FAULT"
_ENOUGH_GB = 1.0
_ASKED = "Should city centres be closed to cars? Answer in one sentence."


@dataclass(frozen=True, slots=True)
class InstallationCheck:
    """The result of one check.

    Attributes
    ----------
    name : str
    result : {"ok", "none", "FAULT"}
        "none" is an optional part that is not there.
    text : str
        What was found, or what to do.
    """

    name: str
    result: str
    text: str


def installation_checks(folder: Path, *, quick: bool = False) -> Iterator[InstallationCheck]:
    """Yield the checks, each as soon as it is made.

    Parameters
    ----------
    folder : Path
        The folder in which runs will be written.
    quick : bool
        Whether to leave out the answer of the bundled model.
    """
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield InstallationCheck("syndisco_nb", OK, f"{__version__}, {system}")
    yield _processor()
    yield from _engines()
    yield _gpu()
    yield _bundled_weights()
    yield _hub_cache()
    yield from _extras()
    yield _disk(folder)
    if not quick:
        yield _answer()


def _processor() -> InstallationCheck:
    import psutil

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = psutil.virtual_memory()
    found = f"{count(cores, 'core')}, {memory.available / 2**30:.0f} of {memory.total / 2**30:.0f} GiB memory free"
    features = _cpu_features()
    return InstallationCheck("processor", OK, f"{found}{', ' + ', '.join(features) if features else ''}")


def _cpu_features() -> list[str]:
    """Return the instructions that engines make use of, as far as the system tells."""
    try:
        flags = set(re.findall(r"\w+", Path("/proc/cpuinfo").read_text("utf-8")))
    except OSError:
        return []
    return [name for name in ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd") if name in flags]


def _engines() -> Iterator[InstallationCheck]:
    engines = {
        "engine transformers": (("torch", "transformers"), "pip install torch transformers"),
        "engine OpenVINO": (("openvino_genai",), 'pip install "syndisco-nb[cpu]"'),
        "servers": (("openai",), 'pip install "syndisco-nb[openai]"'),
    }
    for name, (packages, install) in engines.items():
        if all(map(importlib.util.find_spec, packages)):
            versions = (f"{one} {metadata.version(one.replace('_', '-'))}" for one in packages)
            yield InstallationCheck(name, OK, ", ".join(versions))
        else:
            yield InstallationCheck(name, NONE, install)


def _gpu() -> InstallationCheck:
    try:
        import torch
    except (ImportError, OSError) as error:  # OSError: a library that torch needs is missing
        return InstallationCheck("GPU", FAULT, f"torch cannot be imported: {shortened(str(error), 200)}")
    if torch.cuda.is_available():
        cards = [torch.cuda.get_device_properties(number) for number in range(torch.cuda.device_count())]
        return InstallationCheck(
            "GPU", OK, ", ".join(f"{card.name} ({card.total_memory / 2**30:.0f} GiB)" for card in cards)
        )
    if torch.backends.mps.is_available():
        return InstallationCheck("GPU", OK, "Apple (MPS)")
    build = "" if torch.version.cuda else " This build of torch is for the CPU alone."
    return InstallationCheck("GPU", NONE, f"Models run on the CPU.{build}")


def _bundled_weights() -> InstallationCheck:
    from syndisco_nb.backend.model.local.bundled import INSTALL, NAME, gguf_path

    try:
        path = gguf_path()
    except SyndiscoError:
        return InstallationCheck("bundled weights", NONE, INSTALL)
    return InstallationCheck("bundled weights", OK, f"{NAME}, {path.stat().st_size / 2**20:.0f} MiB")


def _hub_cache() -> InstallationCheck:
    try:
        from huggingface_hub import CacheNotFound, scan_cache_dir
    except ImportError:
        return InstallationCheck("other weights", NONE, "transformers, which downloads them, is not installed.")
    try:
        found = sorted(repo.repo_id for repo in scan_cache_dir().repos if repo.repo_type == "model")
    except CacheNotFound:
        found = []
    none = "None are downloaded. A model is at its first use, or give the path of its folder."
    return InstallationCheck("other weights", OK if found else NONE, ", ".join(found) or none)


def _extras() -> Iterator[InstallationCheck]:
    """Yield a check for each extra of the package, but that of its own tests."""
    try:
        requirements = metadata.requires("syndisco-nb") or ()
    except metadata.PackageNotFoundError:  # run from its source
        yield InstallationCheck("extras", FAULT, "syndisco-nb is not installed. Run: pip install .")
        return
    needed: dict[str, list[str]] = {}
    for requirement in requirements:
        if marker := re.search(r"extra == ['\"](\w+)['\"]", requirement):
            needed.setdefault(marker[1], []).append(re.split(r"[\s;<>=!~\[(]", requirement)[0])
    for extra, packages in needed.items():
        missing = [package for package in packages if not _version(package)]
        if extra != "test":
            install = f'pip install "syndisco-nb[{extra}]" ({", ".join(missing)})'
            present = ", ".join(f"{package} {_version(package)}" for package in packages)
            yield InstallationCheck(f"extra {extra}", NONE if missing else OK, install if missing else present)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _disk(folder: Path) -> InstallationCheck:
    """Try out all that a run needs of the disk: to write, to rename, to lock."""
    from syndisco_nb.runs.files import write_atomically
    from syndisco_nb.runs.lock import being_written, locked

    free_gb = shutil.disk_usage(folder).free / 1e9
    try:
        with tempfile.TemporaryDirectory(prefix=".syndisco-nb-", dir=folder) as trial:
            write_atomically(Path(trial, "file"), b"x", durable=True)
            with locked(Path(trial)):
                locks = being_written(Path(trial))
    except (OSError, SyndiscoError) as error:
        return InstallationCheck("disk", FAULT, f"{folder.resolve()} cannot be written: {said(error)}")
    if not locks:
        return InstallationCheck("disk", FAULT, f"{folder.resolve()} is on a disk without locks, which runs need.")
    enough = OK if free_gb >= _ENOUGH_GB else FAULT
    return InstallationCheck("disk", enough, f"{free_gb:,.0f} GB free in {folder.resolve()}, which can be written")


def _answer() -> InstallationCheck:
    """Ask the bundled model for a sentence."""
    import syndisco_nb as snb
    from syndisco_nb.loop import run_sync

    name = "bundled model"
    try:
        model = snb.bundled_model(max_out_tokens=40)
        begun = time.perf_counter()
        run_sync(model.load())
        loaded = time.perf_counter()
        answer = run_sync(model.complete(snb.Request((snb.ChatMessage("user", _ASKED),), seed=1)))
    except snb.SyndiscoError as error:
        result = NONE if isinstance(error, ImportError) else FAULT
        return InstallationCheck(name, result, said(error))
    seconds = time.perf_counter() - loaded
    speed = f"{answer.completion_tokens / seconds:.0f} tokens/s, loaded in {loaded - begun:.1f} s"
    return InstallationCheck(name, OK, f"{speed}: “{shortened(answer.text, 120)}”")
