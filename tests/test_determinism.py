import asyncio
import random

import pytest
from support.sizes import size

import syndisco_nb as snb
from syndisco_nb.backend.model.local.bundled import converted_folder


def hold(model, folder, at_once, **settings):
    users = [snb.LLMActor(model, name, instructions="Be brief.") for name in ("Ana", "Ben", "Cem")]
    given = {"num_turns": 6, "num_discussions": 40, "seed": 5, "max_concurrency": at_once, **settings}
    return snb.DiscussionExperiment(["Tea?", "Coffee?"], users, **given).begin(folder / f"{at_once}")


def test_a_run_is_the_same_at_any_batch_size_and_in_any_order_of_completion(tmp_path):
    order = random.Random(1)

    async def reply(request):
        await asyncio.sleep(order.random() / 500)
        return f"Word {request.seed % 1000}."

    runs = [hold(snb.ScriptedModel(reply), tmp_path, at_once) for at_once in (1, 8, 32)]
    files = [{file.name: file.read_bytes() for file in run.folder.glob("discussion-*.json")} for run in runs]
    assert len(files[0]) == 40
    assert files[0] == files[1] == files[2]


@pytest.mark.model
def test_real_weights_say_the_same_at_any_batch_size(tmp_path):
    model = snb.TransformersModel(converted_folder(), dtype="float32", max_out_tokens=size(8, 5))
    turns = size(2, 1)
    alone, some, many = (
        hold(model, tmp_path, at_once, num_turns=turns, num_discussions=discussions)
        for at_once, discussions in ((1, size(6, 3)), (8, size(32, 8)), (size(32, 16), size(32, 16)))
    )
    sizes = [max(message.generation.batch_size for one in run for message in one.comments[1:]) for run in (some, many)]
    assert sizes == [8, size(32, 16)]
    for one, other in ((alone, some), (some, many)):
        for expected, found in zip(one, other[: len(one)], strict=True):
            for a, b in zip(expected.comments, found.comments, strict=True):
                assert a.text == b.text, f"discussion {found.index} first differs at turn {b.turn}"
