import re
from dataclasses import replace

from examples import a_page
from syndisco_nb.display.page import Answer, Conversation, Rating, Share
from syndisco_nb.display.writers.html_conversation import conversation_list
from syndisco_nb.display.writers.html_labels import label_grid

(TALK,) = [block for block in a_page().blocks if isinstance(block, Conversation)]
REPLY = TALK.entries[1]
ANA, BEN = Answer("Ana", "4", bars=(Share(0.62, "4 62%"),), probability=0.62), Answer("Ben", "4")


def written(*ratings):
    return conversation_list(Conversation("", (replace(REPLY, ratings=ratings),)))


def test_each_scale_has_a_row_and_each_annotator_a_column():
    grid = label_grid((Rating("tone", (ANA, BEN)), Rating("stance", (BEN,))), ("Ana", "Ben"))
    assert re.findall(r"<th><bdi>(.*?)</bdi></th>", grid) == ["Ana", "Ben"]
    assert re.findall(r'<th scope="row"><bdi>(.*?)</bdi></th>', grid) == ["tone", "stance"]
    assert grid.endswith("<td></td><td><bdi>4</bdi></td></tr></tbody></table>")


def test_a_label_opens_to_its_probabilities_and_its_prompt():
    grid = label_grid((Rating("tone", (replace(ANA, prompt=REPLY.prompt),)),), ("Ana",))
    assert '<details class="snb-p6"><summary><bdi>4</bdi></summary>' in grid
    assert '<li><i style="width:62%"></i>4 62%</li>' in grid
    assert "Be &lt;brief&gt;." in grid
    assert "<details" not in label_grid((Rating("tone", (BEN,)),), ("Ben",))


def test_an_answer_without_a_label_opens_to_its_words():
    grid = label_grid((Rating("tone", (Answer("Ana", None, "<Hm>"),)),), ("Ana",))
    assert "<summary><i>unparsed</i></summary><div><div>unparsed: “&lt;Hm&gt;”</div>" in grid


def test_disagreement_is_marked_and_only_then_can_the_rest_be_hidden():
    split = written(Rating("tone", (ANA, replace(BEN, value="2"))))
    assert '<tr class="snb-split"><th scope="row"><bdi>tone</bdi> <b>≠</b></th>' in split
    assert '<input type="checkbox" aria-label="only comments with disagreement"><span data-n="1 comment">' in split
    assert "≠ disagreement" in split
    for one in (written(Rating("tone", (ANA, BEN))), conversation_list(Conversation("", TALK.entries))):
        assert "≠" not in one
        assert "<input" not in one


def test_the_names_stand_once_above_and_the_columns_are_as_wide_as_their_texts():
    markup = written(Rating("tone", (ANA, BEN)))
    assert markup.count("labels by") == 1
    assert 'class="snb-annotated snb-beside" style="--snb-s:54px;--snb-l:47px;--snb-n:2"' in markup
    many = tuple(Answer(f"annotator {number}", "4") for number in range(5))
    assert 'class="snb-annotated" style="--snb-s:54px;--snb-l:89px;--snb-n:5"' in written(Rating("tone", many))
