from examples import a_page
from syndisco_nb.display.page import Note, Page, Share, Table
from syndisco_nb.display.writers.plain_writer import plain_output


def test_every_block_is_written():
    lines = [line.rstrip() for line in plain_output(a_page()).splitlines()]
    assert (
        "\n".join(lines)
        == """\
Kind: A <title>

! A warning.

Talk
  Ana (opening)
    Cars
    or bikes?
  Ben (turn 1, cut off)
    Bikes.
    → toxicity: Dana 1 (25%), judge unparsed: “none of it”
  … 5 of 8 messages not shown …
  Cem silent · turn 2

fact value
made by a test
[███░░░░░░░░░] 1 of 4

Some facts
  colour: red

A table
  name  number  share
  one    1,200  ██████░░░░░░ half
  3 more in .rows

Narrow

  left  ████████████ all

A note.

The prompt
  [user]
  Write.

Who
  Ana  |█ ·|  1 comment
      age: 41

Over time
  1 (least) – 3 – 5 (most)  |▄·|
  mean
  0 Ana: 3 (2 to 4)

Stances
  for      |·▃|
  against  |·▅|
  share of 3
  1 Ben: for 1, against 2

A figure
  A chart. Toxicity <3 by turn.

Both
  parent | fork
  1
    < Ana: Cars or bikes?
    > Ben: Bikes.
  2: the same
    < Cem silent
  1 turn more

▸ Open me

A list
  #  subject           said  who
  0  Cars <or> bikes      1  Ana 1, Ben 1
  1  Tax              1,200
  2 more: run[2] to run[3]

A part
──────

Inside.

Its facts
  size: small"""
    )


def test_what_a_terminal_would_act_on_is_made_visible():
    assert plain_output(Page("K", "\x1b[2J", (), (Note("\x07"),))) == "K: ␛[2J\n\n␇"


def test_a_bar_stays_in_its_place_whatever_the_share():
    table = Table("", ("",), ((Share(-1.0, "less"),), (Share(2.0, "more"),)))
    assert plain_output(Page("K", "t", (), (table,))).splitlines()[-2:] == [
        "  ░░░░░░░░░░░░ less",
        "  ████████████ more",
    ]


def test_a_discussion_is_read_before_its_numbers_and_after_warnings_about_it():
    lines = plain_output(a_page()).splitlines()
    places = [lines.index(line) for line in ("! A warning.", "  Ana (opening)", "fact value", "Who", "Over time")]
    assert places == sorted(places)
    assert plain_output(Page("K", "t", (("a", "b"),), (Note("c", warning=True),))).splitlines()[1:] == [
        "a b",
        "",
        "! c",
    ]
