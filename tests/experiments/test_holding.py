"""A discussion on the way into its journal."""

import asyncio

from support.experiments import discuss


async def until(holds):
    """Wait until something holds."""
    while not holds():
        await asyncio.sleep(0.005)


def test_an_instant_model_can_be_interrupted(users, tmp_path):
    async def held():
        task = asyncio.create_task(discuss(users, num_discussions=20_000).abegin(tmp_path))
        await until(lambda: any(tmp_path.glob("discussion-*.json")))
        task.cancel()
        return await asyncio.wait_for(task, 60)

    run = asyncio.run(held())
    assert run.status == "interrupted"
    assert 0 < len(run) < 20_000
