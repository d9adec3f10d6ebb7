"""The palette is measured here, as its docstring says."""

import dataclasses
import itertools
import random

import numpy as np
import pytest
from support.sizes import size

import syndisco_nb as snb
from syndisco_nb.builder.construction import build_experiments
from syndisco_nb.builder.live_models import LiveModels
from syndisco_nb.display.colours import DARK, GREY, LIGHT, LINES, MODERATOR, THEMELESS, looks
from syndisco_nb.display.options import EVERYTHING
from syndisco_nb.display.page import Conversation, Listing, Strip
from syndisco_nb.display.pages.run_pages import run_page
from syndisco_nb.display.pages.speakers_block import speaker_looks
from syndisco_nb.runs.layout import journal_path
from syndisco_nb.runs.serialization import to_line
from syndisco_nb.watching.folder_watcher import FolderWatcher
from syndisco_nb.watching.run_watcher import RunWatcher
from syndisco_nb.widgets.live.live_state import names_in_order
from syndisco_nb.widgets.viewer.message_rows import MessageRows

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(colour):
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    low, high = sorted(float(linear(colour) @ XYZ[1]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    scaled = XYZ @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    x, y, z = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(one, other):
    """Return the CIEDE2000 difference of two colours in Lab (Sharma, Wu and Dalal, 2005)."""
    mean = (np.hypot(*one[1:]) + np.hypot(*other[1:])) / 2
    stretch = 1.5 - np.sqrt(mean**7 / (mean**7 + 25**7)) / 2
    (c1, h1), (c2, h2) = (
        (np.hypot(a * stretch, b), np.degrees(np.arctan2(b, a * stretch)) % 360) for _, a, b in (one, other)
    )
    turn = (h2 - h1 + 180) % 360 - 180
    light, chroma, hue = (one[0] + other[0]) / 2, (c1 + c2) / 2, np.radians((h1 + turn / 2) % 360)
    t = 1 - 0.17 * np.cos(hue - np.pi / 6) + 0.24 * np.cos(2 * hue)
    t += 0.32 * np.cos(3 * hue + np.radians(6)) - 0.2 * np.cos(4 * hue - np.radians(63))
    lightness = (other[0] - one[0]) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    strength = (c2 - c1) / (1 + 0.045 * chroma)
    tone = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * t)
    bend = (
        -2
        * np.sqrt(chroma**7 / (chroma**7 + 25**7))
        * np.sin(np.radians(60 * np.exp(-(((np.degrees(hue) - 275) / 25) ** 2))))
    )
    return np.sqrt(lightness**2 + strength**2 + tone**2 + bend * strength * tone)


def oklch(colour):
    """Return lightness, chroma and hue in degrees in OKLCH (Ottosson, 2020)."""
    lightness, a, b = OKLAB @ np.cbrt(CONES @ linear(colour))
    return lightness, np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (61, -5, 29), 22.8977),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
    ],
)
def test_differences_are_those_of_the_standard(one, other, expected):
    assert difference(one, other) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("palette", "grounds"),
    [(LIGHT, ["#ffffff", "#f5f6f7", "#eeeeee"]), (DARK, ["#111111", "#1d1f22", "#212121"])],
    ids=["light", "dark"],
)
def test_names_can_be_read(palette, grounds):
    assert min(contrast(colour, ground) for colour in palette for ground in grounds) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK, THEMELESS], ids=["light", "dark", "themeless"])
def test_inks_are_colours_neither_black_nor_white(palette):
    lightness, chroma, _ = zip(*map(oklch, palette), strict=True)
    assert min(chroma) >= 0.088  # teal has no more
    assert sorted(chroma)[1] >= 0.11
    assert min(lightness) >= 0.4
    assert max(lightness) <= 0.86


def test_a_colour_has_one_name_on_all_grounds():
    for variants in zip(LIGHT, DARK, THEMELESS, strict=True):
        hues = [oklch(colour)[2] for colour in variants]
        assert all(abs((a - b + 180) % 360 - 180) <= 22 for a, b in itertools.combinations(hues, 2)), variants


@pytest.mark.parametrize("ground", ["#ffffff", "#111111"])
def test_lines_can_be_seen_in_both_themes(ground):
    assert min(contrast(colour, ground) for colour in (*THEMELESS, GREY)) >= 3


@pytest.mark.parametrize(
    ("palette", "usual", "tritanopia"),
    [(LIGHT, 10.5, 6), (DARK, 14.5, 7.5), (THEMELESS, 12.5, 7)],
    ids=["light", "dark", "themeless"],
)
@pytest.mark.parametrize("vision", VISION)
def test_the_colour_blind_can_tell_them_apart(palette, usual, tritanopia, vision):
    seen = [lab(VISION[vision] @ linear(colour)) for colour in palette]
    least = tritanopia if vision == "tritanopia" else usual
    assert min(difference(a, b) for a, b in itertools.combinations(seen, 2)) >= least


NAMES = [f"Person {n}" for n in range(60)]


def test_a_name_has_its_own_colour_wherever_that_is_free():
    alone = {name: looks([name])[name].colour for name in (*NAMES, "\ud800")}
    assert set(alone.values()) == set(range(8))
    for cast in (NAMES, NAMES[::-1], NAMES[20:40]):
        taken = set()
        for name, look in list(looks(cast).items())[:8]:
            assert (look.colour == alone[name]) == (alone[name] not in taken)
            taken.add(look.colour)


@pytest.mark.parametrize("cast", [NAMES, NAMES[::-1], NAMES[7:], ["Ana", "Ben", "Maya", "Tomas"]])
def test_colours_are_shared_only_by_more_speakers_than_colours(cast):
    given = list(looks(cast).values())
    for start in range(0, len(cast), 8):
        group = given[start : start + 8]
        assert len({look.colour for look in group}) == len(group)
        assert {look.line for look in group} == {start // 8 % len(LINES)}
    assert len({look.border for look in given}) == len(given)


def test_who_speaks_later_changes_no_look_before():
    whole = looks(NAMES)
    for number in range(1, len(NAMES)):
        assert looks(NAMES[:number]).items() <= whole.items()


def test_in_a_run_everyone_has_one_colour_in_all_talks_on_every_page(tmp_path):
    names = ["Maya", "Tomas", "Ana", "Ben", "Cem"]  # Ana and Ben have one colour, were each alone
    users = [snb.LLMActor(snb.ScriptedModel(["Well."]), name) for name in names]
    settings = {"num_turns": 4, "num_discussions": 6, "seed": 1}
    run = snb.DiscussionExperiment(["Tax"], users, num_active_users=3, **settings).begin(tmp_path / "run")
    expected = looks(names)
    rows = [row for block in run_page(run, EVERYTHING).blocks if isinstance(block, Listing) for row in block.rows]
    assert {look for row in rows for cell in row.cells if isinstance(cell, Strip) for look in cell.blocks} == {
        *expected.values()
    }
    talks = [block for row in rows for block in row.page.blocks if isinstance(block, Conversation)]
    entries = [entry for block in talks for entry in block.entries]
    rows = MessageRows(run)
    rows.read(10)
    assert {one.name: one.look for one in entries} == expected
    assert {row.entry.name: row.entry.look for row in rows.rows} == expected
    (run.folder / "discussion-00005.json").rename(tmp_path / "lost")
    journal_path(run.folder, "discussion-00005").write_bytes(b"".join(map(to_line, run[0].messages[:3])))
    assert len(run.unfinished) == 1
    for records in (run[:5], snb.Run(run.folder), run.unfinished, snb.Corpus(run[:5])):
        assert all(looks_of(transcript).items() <= expected.items() for transcript in records)
    assert looks_of(dataclasses.replace(run[0], topic="Cars")).items() <= expected.items()


PAIRS = {"young": ["Maya", "Tomas", "Ana"], "old": ["Ben", "Ana", "Cem"]}


def test_in_a_study_everyone_has_one_colour_in_all_conditions(tmp_path):
    people = {level: [snb.LLMPersona(username=name) for name in names] for level, names in PAIRS.items()}
    builder = snb.ExperimentBuilder(seed=3).model(snb.ScriptedModel(["Well."]))
    builder = builder.participants(per_discussion=2).vary(participants=people)
    study = builder.topics(["Tax"]).turns(3).discussions(2).run(tmp_path)
    expected = looks(["Maya", "Tomas", "Ana", "Ben", "Cem"])
    for opened in (study, snb.Study(tmp_path), study.stage(0)):
        for transcript in (transcript for run in opened.values() for transcript in run):
            assert looks_of(transcript).items() <= expected.items()
    watcher = FolderWatcher(tmp_path)
    watcher.look()
    for condition in study:
        unit = watcher.unit(condition, "discussion-00000")
        assert looks(names_in_order(unit)).items() <= expected.items()
        assert unit.speakers
    judge = snb.LLMActor(snb.ScriptedModel(["1"]), "judge", actor_type=snb.ActorType.ANNOTATOR)
    study.annotate([judge], snb.Likert("toxicity", 1, 5))
    labels = FolderWatcher(tmp_path / "annotations")
    labels.look()
    for condition in study:
        unit = labels.unit(condition, "discussion-00000.annotator-00")
        assert looks(names_in_order(unit)).items() <= expected.items()
    own = RunWatcher(tmp_path / "annotations" / "young")
    own.look()
    assert own.unit("discussion-00000.annotator-00").cast == tuple(PAIRS["young"])
    again = build_experiments(study.design, LiveModels(), 5)["old"].discussion(1, 5)
    assert again.cast == again.transcript.cast == tuple(expected)


def test_a_fork_keeps_the_colours_of_its_parent():
    ana, ben, cem = (snb.LLMActor(snb.ScriptedModel(["Well."]), name) for name in ("Ana", "Ben", "Cem"))
    talk = snb.Discussion([ben, ana], topic="Tax", num_turns=4, seed=1)
    before = looks_of(talk.run())
    fork = talk.fork(at=2, replace={"Ben": cem}).run()
    assert before == {name: look for name, look in looks_of(fork).items() if name != "Cem"}
    assert speaker_looks(talk.transcript, fork) == looks(["Ben", "Ana", "Cem"])


def test_no_two_of_a_talk_look_alike():
    draw = random.Random(1)
    for _ in range(size(10_000, 200)):
        everybody = [f"Person {draw.random()}" for _ in range(draw.randint(2, 60))]
        cast = draw.sample(everybody, draw.randint(2, min(8, len(everybody))))
        said = tuple(snb.Message(number, number, name, "Well.", "m") for number, name in enumerate(cast))
        transcript = snb.Transcript("", 0, 0, "", (), comments=said, cast=tuple(everybody))
        of_study, of_talk = speaker_looks(transcript), speaker_looks(dataclasses.replace(transcript, cast=()))
        assert of_study == looks(everybody)
        assert len({look.border for look in of_study.values()}) == len(everybody)
        assert len({look.colour for look in of_talk.values()}) == len(cast)  # eight speakers at most need no lines


def looks_of(transcript):
    """Return the looks of those who spoke."""
    given = speaker_looks(transcript)
    return {message.name: given[message.name] for message in transcript.messages}


def test_a_moderator_is_grey_with_a_line_of_its_own():
    assert MODERATOR.border == f"3px double {GREY}"
    assert MODERATOR not in looks(NAMES).values()
