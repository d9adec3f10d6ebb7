import pytest

import syndisco_nb as snb
from syndisco_nb import models


@pytest.mark.parametrize("name", models.__all__)
def test_a_name_means_the_same_here_and_at_the_top(name):
    assert getattr(models, name) is getattr(snb, name)


def test_a_model_of_ones_own_needs_nothing_from_elsewhere():
    class Parrot(models.Model):
        async def complete(self, request):
            assert isinstance(request, models.Request)
            return models.Completion(request.messages[-1].content[:5])

    users = [snb.LLMActor(Parrot("parrot"), name) for name in ("Ana", "Ben")]
    assert len(snb.Discussion(users, topic="Tax?", num_turns=2, seed=1).run().comments) == 3
