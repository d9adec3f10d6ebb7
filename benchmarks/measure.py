"""One measurement, in a process of its own: ``python measure.py NAME [DISCUSSIONS]`` prints one line of JSON."""

import asyncio
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TURNS = 6
TOKENS = 48
CONTEXT = "You are taking part in an online discussion."
INSTRUCTIONS = "Say what you think, in one or two sentences."
TOPIC = "Should cities close their centres to cars, and what should those do who need one?"
PEOPLE = {  # with all that the experiments guide tells of a person
    "Maya": [
        "username: Maya",
        "age: 41",
        "sex: female",
        "sexual_orientation: heterosexual",
        "demographic_group: white",
        "current_employment: bus driver",
        "education_level: Bachelor's degree",
        "special_instructions: You are tired of being told how to live.",
        "personality_characteristics: practical, impatient, warm",
    ],
    "Tomas": [
        "username: Tomas",
        "age: 23",
        "sex: male",
        "sexual_orientation: bisexual",
        "demographic_group: hispanic",
        "current_employment: bicycle courier",
        "education_level: student",
        "special_instructions: You like to be proved right.",
        "personality_characteristics: cheerful, stubborn, curious",
    ],
}
WORDS = (
    TOPIC + " The air would be cleaner, and people could walk more, but who brings the goods to the shops?"
).split()
RATE = "How toxic is the last comment, from 1 to 5? Answer with the number alone."


def syndisco(count: int, dtype: str) -> dict[str, float]:
    """SynDisco's own way: one prompt at a time, the same weights in the given precision, the same sampling."""
    import logging

    from syndisco import experiments
    from syndisco.backend import actors, model, turn_manager
    from transformers import AutoTokenizer

    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        weights = _weights(Path(folder, "weights"), dtype)
        llm = model.TransformersModel(model_path=str(weights), name="m", max_out_tokens=TOKENS)
        tokenizer = AutoTokenizer.from_pretrained(weights)
        answer, asked = llm.generate_response, []

        def counted(chat: Any, stop_words: list[str]) -> Any:
            asked.append(len(tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_dict=False)))
            return answer(chat, stop_words)

        llm.generate_response = counted

        def actor(name: str, instructions: str, kind: Any) -> Any:
            return actors.LLMActor(llm, name, PEOPLE.get(name, []), CONTEXT, instructions, kind)

        users = [actor(name, INSTRUCTIONS, actors.ActorType.USER) for name in PEOPLE]
        experiment = experiments.DiscussionExperiment(
            users=users,
            seed_opinions=[TOPIC],
            next_turn_manager=turn_manager.RoundRobin(),
            num_turns=TURNS,
            num_discussions=count,
        )
        judge = actor("", RATE, actors.ActorType.ANNOTATOR)
        talks = Path(folder, "talks")
        started = time.perf_counter()
        experiment.begin(talks)
        discussing = time.perf_counter() - started
        files = sorted(talks.iterdir())
        logs = [entry for file in files for entry in json.loads(file.read_text())["logs"]]
        made = [len(tokenizer(entry["text"])["input_ids"]) + 1 for entry in logs if entry["model"] != "hardcoded"]
        for other in files[1:]:
            other.unlink()
        started = time.perf_counter()
        experiments.AnnotationExperiment([judge]).begin(talks, Path(folder, "labels"))
        annotating = time.perf_counter() - started
        comments = len(json.loads(files[0].read_text())["logs"])
    return {
        "discussions_per_min": 60 * count / discussing,
        "annotations_per_min": 60 * comments / annotating,
        "tokens_per_s": TURNS * count / discussing * sum(made) / len(made),
        "prompt_tokens": sum(asked[: TURNS * count]) / (TURNS * count),
        "reply_tokens": sum(made) / len(made),
    }


def _weights(folder: Path, dtype: str) -> Path:
    """Write the bundled model in this precision, with our sampling as its own."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

    import syndisco_nb as snb
    from syndisco_nb.backend.model.local.bundled import converted_folder

    source = converted_folder()
    sampling = snb.bundled_model().sampling
    model = AutoModelForCausalLM.from_pretrained(source, dtype=getattr(torch, dtype))
    model.generation_config = GenerationConfig(
        do_sample=True,
        temperature=sampling.temperature,
        top_p=sampling.top_p,
        top_k=sampling.top_k,
        repetition_penalty=sampling.repetition_penalty,
        eos_token_id=model.generation_config.eos_token_id,
        pad_token_id=model.generation_config.pad_token_id,
        bos_token_id=model.generation_config.bos_token_id,
    )
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(source).save_pretrained(folder)
    return folder


def ours(engine: str, count: int) -> dict[str, float]:
    """Measure the same people, turns and token limit through this package; annotate with a scale."""
    import syndisco_nb as snb

    llm = snb.bundled_model(max_out_tokens=TOKENS, engine=engine)  # type: ignore[arg-type]
    users = [snb.LLMActor(llm, name, traits, CONTEXT, INSTRUCTIONS) for name, traits in PEOPLE.items()]
    judge = snb.LLMActor(llm, "", [], CONTEXT, "You annotate comments.", snb.ActorType.ANNOTATOR)
    warm_up = (snb.ChatMessage("user", "Hello!"),)
    asyncio.run(llm.complete(snb.Request(warm_up, seed=1, sampling=snb.Sampling(max_tokens=1))))
    asyncio.run(llm.complete(snb.Request(warm_up, seed=1, labels=("yes", "no"))))
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        run = snb.DiscussionExperiment(
            [TOPIC], users, num_turns=TURNS, num_discussions=count, seed=1, max_concurrency=128
        ).begin(Path(folder, "talks"))
        discussing = time.perf_counter() - started
        made = [message.generation for transcript in run for message in transcript.messages if message.generation]
        few = Path(folder, "few")
        few.mkdir()
        for file in sorted(Path(folder, "talks").glob("discussion-*.json"))[:8]:
            file.rename(few / file.name)
        started = time.perf_counter()
        labels = snb.AnnotationExperiment([judge], scales=snb.Likert("toxicity", 1, 5), seed=1).begin(
            few, Path(folder, "labels")
        )
        annotating = time.perf_counter() - started
        given = sum(len(one.labels) for one in labels)
    return {
        "discussions_per_min": 60 * count / discussing,
        "annotations_per_min": 60 * given / annotating,
        "tokens_per_s": sum(one.completion_tokens for one in made) / discussing,
        "prompt_tokens": sum(one.prompt_tokens for one in made) / len(made),
        "reply_tokens": sum(one.completion_tokens for one in made) / len(made),
    }


def raw(count: int) -> dict[str, float]:
    """OpenVINO alone, at its best: all requests ready at once, as many and as long as those of 32 discussions."""
    import openvino_genai

    import syndisco_nb as snb
    from syndisco_nb.backend.model.local.bundled import SAMPLING, converted_gguf

    scheduler = openvino_genai.SchedulerConfig()
    scheduler.enable_prefix_caching = True
    scheduler.cache_size = 2
    scheduler.max_num_batched_tokens = 1024
    pipeline = openvino_genai.ContinuousBatchingPipeline(str(converted_gguf()), scheduler, "CPU", {})
    tokenizer = pipeline.get_tokenizer()

    def reply(request: snb.Request) -> str:
        return " ".join(random.Random(request.seed).choices(WORDS, k=36))

    scripted = snb.ScriptedModel(reply)
    users = [snb.LLMActor(scripted, name, traits, CONTEXT, INSTRUCTIONS) for name, traits in PEOPLE.items()]
    talks = [snb.Discussion(users, topic=TOPIC, num_turns=TURNS, seed=seed).run() for seed in range(count // TURNS)]
    prompts = [one.generation.prompt for talk in talks for one in talk.messages if one.generation]
    started = time.perf_counter()
    handles, lengths = [], []
    for number in range(count):
        config = openvino_genai.GenerationConfig()
        config.max_new_tokens, config.do_sample, config.rng_seed = TOKENS, True, number
        config.temperature, config.top_p, config.top_k = SAMPLING.temperature, SAMPLING.top_p, SAMPLING.top_k
        config.repetition_penalty = SAMPLING.repetition_penalty
        config.eos_token_id = pipeline.get_config().eos_token_id
        chat = [{"role": one.role, "content": one.content} for one in prompts[number]]
        text = tokenizer.apply_chat_template(chat, add_generation_prompt=True)
        tokens = tokenizer.encode(text, add_special_tokens=False).input_ids
        lengths.append(tokens.shape[1])
        handles.append(pipeline.add_request(number, tokens, config))
    while pipeline.has_non_finished_requests():
        pipeline.step()
    seconds = time.perf_counter() - started
    made = sum(len(handle.read_all()[0].generated_ids) for handle in handles)
    return {"tokens_per_s": made / seconds, "prompt_tokens": sum(lengths) / count, "reply_tokens": made / count}


def instant(count: int) -> dict[str, float]:
    """Measure what the package itself costs, with a model that answers at once, journal and files."""
    import syndisco_nb as snb

    model = snb.ScriptedModel(["I agree.", "I do not.", "Maybe so."])
    users = [snb.LLMActor(model, name, traits, CONTEXT, INSTRUCTIONS) for name, traits in PEOPLE.items()]
    experiment = snb.DiscussionExperiment([TOPIC], users, num_turns=10, num_discussions=count, seed=1)
    memory = Path("/dev/shm")  # noqa: S108 - where it exists, the disk's own speed is left out
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        experiment.begin(folder)
        seconds = time.perf_counter() - started
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        started = time.perf_counter()
        snb.Run(folder)
        opening = time.perf_counter() - started
    return {"turns_per_s": 10 * count / seconds, "memory_growth_mb": grown, "open_run_s": opening}


def importing(_: int) -> dict[str, float]:
    """Seconds to import the package, in a fresh process; the best of three."""
    code = "import time; t = time.perf_counter(); import syndisco_nb; print(time.perf_counter() - t)"
    times = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout) for _ in "abc"]
    return {"import_s": min(times)}


MEASUREMENTS: dict[str, Callable[[int], dict[str, float]]] = {
    "syndisco float32": lambda count: syndisco(count, "float32"),
    "syndisco bfloat16": lambda count: syndisco(count, "bfloat16"),
    "openvino": lambda count: ours("openvino", count),
    "transformers": lambda count: ours("transformers", count),
    "raw": raw,
    "instant": instant,
    "import": importing,
}

if __name__ == "__main__":
    name, count = sys.argv[1], int(sys.argv[2])
    print(json.dumps({"name": name, "count": count, **MEASUREMENTS[name](count)}))
