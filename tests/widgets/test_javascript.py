"""The modules of a page become one module, with scopes as in the files."""

import re
from pathlib import Path

import pytest

import syndisco_nb.widgets
from syndisco_nb.widgets.javascript import join_modules

PAGES = [
    page
    for page in sorted(Path(syndisco_nb.widgets.__file__).parent.rglob("*.js"))
    if "\nexport default { render };\n" in page.read_text(encoding="utf-8")
]


@pytest.fixture
def write(tmp_path):
    def write(**sources):
        for name, source in sources.items():
            (tmp_path / f"{name}.js").write_text(source)
        return tmp_path / "page.js"

    return write


def test_what_a_page_imports_comes_before_it_in_a_scope_of_its_own(write):
    page = write(
        page='import { twice } from "./sums.js";\nconst zero = 1;\nexport default { render: twice };\n',
        sums='import { zero } from "./zero.js";\nexport const one = 1;\n'
        "export function twice(x) {\n  return x + zero;\n}\n",
        zero="export const zero = 0;\n",
    )
    assert join_modules(page) == (
        "const $zero = (() => {\nconst zero = 0;\nreturn { zero };\n})();\n\n"
        "const $sums = (() => {\nconst { zero } = $zero;\nconst one = 1;\nfunction twice(x) {\n  return x + zero;\n}\n"
        "return { one, twice };\n})();\n\n"
        "const { twice } = $sums;\nconst zero = 1;\nexport default { render: twice };\n"
    )


def test_comments_on_lines_of_their_own_are_left_out(write):
    page = write(
        page="// One.\n/** Two. */\nconst a = 1; // stays\n/**\n * Three * /.\n */\n  // Four.\n"
        'const b = "// five";\nexport default { a, b };\n'
    )
    assert join_modules(page) == 'const a = 1; // stays\nconst b = "// five";\nexport default { a, b };\n'


def test_a_module_that_two_import_stands_once(write):
    page = write(
        page='import { a } from "./a.js";\nimport {\n  b,\n} from "./b.js";\nexport default { a, b };\n',
        a='import { b } from "./b.js";\nexport class a {}\n',
        b="export async function b() {}\n",
    )
    joined = join_modules(page)
    assert joined.count("const $b = ") == 1
    assert joined.index("const $b = ") < joined.index("const $a = ")


@pytest.mark.parametrize(
    "line",
    [
        'import three from "./three.js";',
        'import { one as two } from "./three.js";',
        'import { one } from "https://elsewhere/three.js";',
        "export let two = 2;",
        "export { one };",
        "export default one;",
    ],
)
def test_other_imports_and_exports_are_refused(write, line):
    write(three="export const one = 1;\n")
    page = write(
        page='import { x } from "./other.js";\nexport default { x };\n', other=f"{line}\nexport const x = 1;\n"
    )
    with pytest.raises(ValueError, match=r"other\.js has .* which cannot be joined"):
        join_modules(page)


def test_two_modules_of_one_name_are_refused(write, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "sums.js").write_text("export const one = 1;\n")
    page = write(
        page='import { one } from "./deep/sums.js";\nimport { two } from "./sums.js";\nexport default { one, two };\n',
        sums="export const two = 2;\n",
    )
    with pytest.raises(ValueError, match=r"Two modules are called sums\.js"):
        join_modules(page)


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_page_of_ours_is_whole(page):
    joined = join_modules(page)
    assert not re.search(r"^import\b", joined, re.MULTILINE)
    assert joined.count("\nexport ") == 1


def test_every_module_without_elements_has_tests_that_need_no_browser():
    widgets, tests = Path(syndisco_nb.widgets.__file__).parent, Path(__file__).parent
    modules = [module for module in sorted(widgets.rglob("*.js")) if module.name != "common.js"]
    elements = re.compile("common.js|HTML[A-Za-z]*Element")
    logic = [module for module in modules if not elements.search(module.read_text(encoding="utf-8"))]
    assert {"row_window", "viewer_text", "requests"} <= {module.stem for module in logic}
    for module in logic:
        assert (tests / module.relative_to(widgets)).with_suffix(".test.js").exists()
