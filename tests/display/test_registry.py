import importlib
import pkgutil

from syndisco_nb.display import pages
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Page
from syndisco_nb.display.registry import make_page


class Own:
    def __repr__(self):
        return "<Own>"


def test_an_object_without_a_page_has_one_of_its_repr():
    assert make_page(Own(), Limits()) == Page("Own", "<Own>")


def test_every_page_of_every_module_is_registered():
    modules = [
        importlib.import_module(info.name) for info in pkgutil.iter_modules(pages.__path__, f"{pages.__name__}.")
    ]
    functions = [value for module in modules for name, value in vars(module).items() if name.endswith("_page")]
    missing = {function.__name__ for function in functions} - {page.__name__ for page in make_page.registry.values()}
    assert len(functions) > 38
    assert missing == {"design_page"}  # of the data in a builder


def test_a_page_is_one_registered_function():
    class Mine(Own):
        pass

    @make_page.register
    def my_page(thing: Mine, limits: Limits) -> Page:
        return Page("Mine", str(limits.max_items))

    assert make_page(Mine(), Limits(max_items=3)) == Page("Mine", "3")
