"""Labels, or turns, through batches, for tests that kill it: ``python batch_run.py KIND URL SOURCE FOLDER``."""

import asyncio
import sys

import syndisco_nb as snb

KEY = "sk-planted-0123456789abcdef"


def in_batches(url):
    """Return a model whose pauses are as short as can be."""
    model = snb.BatchModel(snb.OpenAIModel("m", url, api_key=KEY, max_retries=0, patience_s=0.1))
    model._pause = lambda seconds: asyncio.sleep(0)
    return model


def talks(model, folder, discussions=3, turns=3):
    """Hold discussions."""
    users = [snb.LLMActor(model, name) for name in ("Ana", "Ben", "Cem")]
    sizes = {"num_turns": turns, "num_discussions": discussions}
    return snb.DiscussionExperiment(topics=["Tax"], users=users, seed=1, **sizes).begin(folder)


def labels(model, source, folder):
    """Label all comments of a run."""
    judge = snb.LLMActor(model, "Judge", actor_type=snb.ActorType.ANNOTATOR)
    return snb.AnnotationExperiment([judge], snb.Likert("tone", 1, 5), seed=2).begin(source, folder)


def main():
    kind, url, source, folder = sys.argv[1:]
    model = in_batches(url)
    run = talks(model, folder) if kind == "turns" else labels(model, source, folder)
    print(run.status)


if __name__ == "__main__":
    main()
