"""Damaged files of every format: no error but ours, no hang, and what lies beside them is read."""

import contextlib
import random
import shutil
import signal
import warnings

import pytest
from support.damage import damaged
from support.foreign import foreign_talk
from support.format_samples import SAMPLES, VARIANTS

import syndisco_nb as snb
from syndisco_nb.errors import RecordError
from syndisco_nb.formats.foreign_format import all_formats
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.runs.serialization import from_json, to_json

ALL = SAMPLES | VARIANTS
LONGEST = 30  # seconds that no file of a few kB may take, on any machine
GOOD = foreign_talk(known_as="good", texts=("This one is whole.", "Yes."))


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    made = {}
    for name, write in ALL.items():
        made[name] = tmp_path_factory.mktemp("sample")
        write(made[name])
    return made


@contextlib.contextmanager
def no_hang():
    def give_up(*_):
        raise TimeoutError(f"took more than {LONGEST} s")

    earlier = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, earlier)


def damage(sample, folder, number):
    """Copy a sample, damaged, beside a good file."""
    chance = random.Random(number)
    shutil.copytree(sample, folder)
    file = chance.choice(sorted(path for path in folder.rglob("*") if path.is_file()))
    file.write_bytes(damaged(file.read_bytes(), chance))
    (folder / "zz-good.json").write_bytes(to_json(GOOD))


def check(folder):
    """Load a folder with a damaged file, and use all that is read."""
    with warnings.catch_warnings(), no_hang():
        warnings.simplefilter("ignore", UserWarning)
        corpus = snb.load(folder)
        assert [(one.name, one.text) for one in corpus[corpus.names.index("good")]] == [
            (one.name, one.text) for one in GOOD
        ]
        for record in (*corpus, *corpus.annotations):
            assert from_json(type(record), to_json(record), "") == record
        assert [one for one in corpus.skipped if one.reason[-1] not in ".…" or len(one.reason) > 1_000] == []
        assert len(corpus.to_dataframe("messages")) == sum(len(one.messages) for one in corpus)
        (folder / "zz-good.json").unlink()
        with contextlib.suppress(RecordError):
            snb.load(folder)


def test_every_format_has_a_sample_that_it_alone_recognises(samples):
    assert SAMPLES.keys() == {one.name for one in all_formats()}
    for name in SAMPLES:
        places = [path for path in (samples[name], *samples[name].rglob("*")) if path.is_file() or path.is_dir()]
        found = [[one.name for one in all_formats() if one.recognises(SourceFile(path))] for path in places]
        assert [name] in found
        assert max(map(len, found)) == 1, found


def test_whole_samples_are_read_without_loss_of_files(samples):
    for folder in samples.values():
        assert snb.load(folder).skipped == []


@pytest.mark.parametrize("name", ALL)
def test_some_damaged_files_do_no_harm(name, samples, tmp_path):
    for number in range(3):
        damage(samples[name], tmp_path / str(number), number)
        check(tmp_path / str(number))


@pytest.mark.long
@pytest.mark.parametrize("name", ALL)
def test_many_damaged_files_do_no_harm(name, samples, tmp_path):
    for number in range(100, 160):
        damage(samples[name], tmp_path / str(number), number)
        check(tmp_path / str(number))
