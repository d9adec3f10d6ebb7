import pytest
from support.designs import rater, small_builder

import syndisco_nb as snb
from syndisco_nb.builder.cluster_models import put_on_cluster
from syndisco_nb.errors import InvalidInputError

ADDRESS = "tcp://10.0.0.1:8786"


def test_local_models_wherever_the_design_has_them_answer_on_the_cluster(tmp_path):
    served = snb.OpenAIModel("served", api_key="none")
    cached = snb.CachedModel(snb.ScriptedModel("a", name="cached"), tmp_path / "cache")
    builder = (
        small_builder()
        .model(served, of=["Ana"])
        .model(cached, of=["Ben"])
        .vary(model={"one": snb.ScriptedModel("1", name="one"), "two": snb.ScriptedModel("2", name="two")})
        .annotators(rater(), snb.Likert("tone"))
    )
    design = builder.design
    put_on_cluster(design, builder.models, ADDRESS)
    made = {name: builder.models.make(part) for name, part in design.models.items()}
    assert made["Ana"] is served
    assert isinstance(made["Ben"], snb.CachedModel)
    assert isinstance(made["Ben"].model, snb.ClusterModel)
    local = [*design.vary["model"].values(), design.annotators[0].model]
    assert [builder.models.make(part).scheduler for part in local] == [ADDRESS] * 3
    assert builder.design == design
    assert builder.models.make(local[0]) is not builder.models.make(local[1])


def test_a_design_without_local_models_needs_no_cluster():
    builder = small_builder(snb.OpenAIModel("served", api_key="none"))
    with pytest.raises(InvalidInputError, match=r"no local model that could live in workers\. Leave the cluster out\."):
        put_on_cluster(builder.design, builder.models, ADDRESS)
