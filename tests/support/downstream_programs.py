"""Programs that open our files with the real packages, and write theirs; `make downstream` has them.

``.venv-downstream/bin/python downstream_programs.py CALLS`` runs some, one after the other, and prints JSON of all that
they saw; the calls are JSON, too, as in ``[["parquet_tables", "cache", "a.parquet"]]``.
"""

import json
import sys


def convokit_corpus(folder, copy):
    """Open a corpus with ConvoKit and dump it into another folder."""
    from pathlib import Path

    import convokit

    corpus = convokit.Corpus(filename=folder)
    corpus.dump(Path(copy).name, base_path=str(Path(copy).parent))
    conversations = list(corpus.iter_conversations())
    return {
        "utterances": rows(corpus.get_utterances_dataframe()),
        "conversations": rows(corpus.get_conversations_dataframe()),
        "speakers": rows(corpus.get_speakers_dataframe()),
        "whole": [one.check_integrity(verbose=False) for one in conversations],
        "spoken": [[one.id for one in talk.get_chronological_utterance_list()] for talk in conversations],
        "people": [one.id for one in corpus.iter_speakers() if not one.is_ai],
    }


def convokit_made(folder):
    """Make a corpus with ConvoKit, and dump it."""
    from pathlib import Path

    import convokit

    people = {name: convokit.Speaker(id=name, meta={"age": age}) for name, age in (("ana", 34), ("ben", 61))}
    said = [("u1", "ana", None, "Why?"), ("u2", "ben", "u1", "Because…"), ("u3", "ana", "u1", "")]
    corpus = convokit.Corpus(
        utterances=[
            convokit.Utterance(
                id=name, speaker=people[who], conversation_id="u1", reply_to=above, timestamp=place * 10, text=text,
                meta={"score": place, "odd": {1, 2}},
            )
            for place, (name, who, above, text) in enumerate(said)
        ]
    )  # fmt: skip
    corpus.get_conversation("u1").add_meta("title", "Tax")
    corpus.dump(Path(folder).name, base_path=str(Path(folder).parent))
    return sorted(path.name for path in Path(folder).iterdir())


def inspect_log(path, *copies):
    """Open a log with Inspect, and write it into other files."""
    from inspect_ai.analysis import evals_df, messages_df, samples_df
    from inspect_ai.log import read_eval_log, read_eval_log_sample, write_eval_log

    log = read_eval_log(path)
    for copy in copies:
        write_eval_log(log, copy)
    return {
        "status": log.status,
        "usage": {name: usage.total_tokens for name, usage in log.stats.model_usage.items()},
        "scores": {name: score.metadata for name, score in log.samples[0].scores.items()},
        "sample": read_eval_log_sample(path, log.samples[0].id).messages[0].text,
        "samples": rows(samples_df(path, quiet=True)),
        "messages": rows(messages_df(path, quiet=True)),
        "evals": rows(evals_df(path, quiet=True)),
    }


def inspect_made(*paths):
    """Make a log with Inspect, and write it into files."""
    from inspect_ai.log import EvalConfig, EvalDataset, EvalLog, EvalSample, EvalSpec, write_eval_log
    from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser, ContentReasoning, ContentText
    from inspect_ai.scorer import Score

    story = "A long story. " * 50
    parts = [ContentReasoning(reasoning="Hm."), ContentText(text="So.")]
    messages = [ChatMessageSystem(content="Be kind."), ChatMessageUser(content=story)]
    sample = EvalSample(
        id="talk", epoch=1, input=story, target="x", metadata={"level": 1},
        messages=[*messages, ChatMessageAssistant(content=parts, model="m")],
        scores={"grade": Score(value=4, explanation="Good."), "none": Score.unscored()},
    )  # fmt: skip
    spec = EvalSpec(created="2026-01-01T00:00:00Z", task="t", model="m", dataset=EvalDataset(), config=EvalConfig())
    for path in paths:
        write_eval_log(EvalLog(status="success", eval=spec, samples=[sample]), path)
    return story


def parquet_tables(cache, *paths):
    """Load Parquet files with datasets."""
    import datasets

    datasets.disable_progress_bars()
    loaded = [datasets.load_dataset("parquet", data_files=path, cache_dir=cache)["train"] for path in paths]
    return [one.to_list() for one in loaded]


def rows(frame):
    """Return a DataFrame as plain data; an index that has a name is a column."""
    return json.loads((frame.reset_index() if frame.index.name else frame).to_json(orient="records"))


if __name__ == "__main__":
    print(json.dumps([globals()[program](*arguments) for program, *arguments in json.loads(sys.argv[1])]))
