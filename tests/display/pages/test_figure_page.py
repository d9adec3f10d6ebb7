import base64

from syndisco_nb.analysis.figures.forest import draw_forest
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Image
from syndisco_nb.display.pages.figure_page import figure_block, figure_page


def test_a_figure_is_an_image_with_its_alternative_text_in_every_format():
    ax = draw_forest(["a"], [1.0], [(0.0, 2.0)], "Effect of <a>", "difference", "3 pairs.")
    page = figure_page(ax, Limits())
    assert page.title == "Effect of <a>"
    assert page.blocks == (Image("", ax.png(), ax.alt, "3 pairs."),)
    assert figure_block(ax).title == "Effect of <a>"
    bundle = ax._repr_mimebundle_()
    assert ax.alt in " ".join(bundle["text/plain"].split())
    assert "Forest plot" in bundle["text/markdown"]
    assert f'src="data:image/png;base64,{base64.b64encode(ax.png()).decode()}"' in bundle["text/html"]
    assert f'alt="{ax.alt}"' in bundle["text/html"]
