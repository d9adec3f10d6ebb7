"""Join the ES modules of a widget's page into one.

anywidget takes a single module, `_esm`, which cannot import files beside it, and users have no build step. So the
modules that a page imports are put in front of it when its class is made, each in a function of its own: names that
are not exported stay private, as in the files. Comments stay behind, since a form sends the source of its controls with
each of them.
"""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{([\w$,\s]+)\} from "(\.[^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function\*?|class|const) ([\w$]+))", re.MULTILINE)
_COMMENT = re.compile(r"^ *(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/)\n", re.MULTILINE)
_REFUSED = re.compile(r"^(?:import|export)\b.*|^const \{.* as .*", re.MULTILINE)


def join_modules(page: Path) -> str:
    """Return the source of a page with all that it imports.

    Imports must read ``import { a, b } from "./file.js";``, exports ``export function a``, ``export const a`` or
    ``export class a``; the page itself ends in ``export default``. Comments that fill their lines are left out.

    Raises
    ------
    ValueError
        If a module imports or exports in another way, or two modules have the same name.
    """
    modules: dict[Path, str] = {}
    body = _with_imports(page.resolve(), modules)
    _refuse_others(page, body.replace("\nexport default ", "\n"))
    return "\n".join([*modules.values(), body])


def _with_imports(path: Path, modules: dict[Path, str]) -> str:
    """Return a module whose imports are constants; add the modules that it needs."""
    source = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    for _, target in _IMPORT.findall(source):
        module = (path.parent / target).resolve()
        if module not in modules:
            inner = _as_function(module, modules)  # what it imports itself comes before it
            if module.stem in {other.stem for other in modules}:
                raise ValueError(f"Two modules are called {module.name}. Rename one of them.")
            modules[module] = inner
    return _IMPORT.sub(lambda found: f"const {{{found[1]}}} = ${Path(found[2]).stem};", source)


def _as_function(path: Path, modules: dict[Path, str]) -> str:
    source = _with_imports(path, modules)
    exported = ", ".join(name for _, name in _EXPORT.findall(source))
    body = _EXPORT.sub(r"\1", source)
    _refuse_others(path, body)
    return f"const ${path.stem} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"


def _refuse_others(path: Path, body: str) -> None:
    if left := _REFUSED.search(body):
        raise ValueError(f"{path.name} has {left[0]!r}, which cannot be joined. See join_modules for the forms.")
