"""`Preview`: the real first prompts of a condition."""

from dataclasses import dataclass

from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.backend.topics import topic_title
from syndisco_nb.builder.construction import build_annotators, build_experiments, build_scales
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.live_models import LiveModels
from syndisco_nb.records import ChatMessage
from syndisco_nb.seeds import given_or_drawn
from syndisco_nb.shown import Shown


@dataclass(frozen=True, slots=True)
class Preview(Shown):
    """The first prompts in discussion 0 of a condition.

    Attributes
    ----------
    condition : str
    topic : str
        The opening of the discussion, of several comments the first.
    speaker : str
        The first actor who is asked for a comment.
    prompt : tuple of ChatMessage
        The prompt of the speaker.
    annotation : tuple of ChatMessage
        The prompt of the first annotator about the first comment; empty without annotators.
    """

    condition: str
    topic: str
    speaker: str
    prompt: tuple[ChatMessage, ...]
    annotation: tuple[ChatMessage, ...] = ()

    def __repr__(self) -> str:
        return f"<Preview of condition {self.condition!r}: the prompt of {self.speaker!r} on {self.topic[:60]!r}>"

    def __str__(self) -> str:
        parts = [f"{self.speaker} is asked:", *map(str, self.prompt)]
        if self.annotation:
            parts += ["The annotator is asked, about the first comment:", *map(str, self.annotation)]
        return "\n\n".join(parts)


async def preview(design: Design, condition: str) -> Preview:
    """Hold discussion 0 of a condition up to the first prompt, with a model that keeps it.

    Parameters
    ----------
    design : Design
    condition : str
    """
    seed = given_or_drawn(design.seed)
    models = LiveModels()  # none of them is asked, so no permission is needed
    experiment = build_experiments(design, models, seed)[condition]
    listener = _Listener()
    experiment.users = tuple(user.speaking_for(listener) for user in experiment.users)
    experiment.moderator = experiment.moderator and experiment.moderator.speaking_for(listener)
    discussion = experiment.discussion(0, seed)
    while not listener.heard and (message := await discussion.astep()) is not None:
        speaker = message.name
    annotating, asked = build_annotators(design, models), build_scales(design)
    return Preview(
        condition=condition,
        topic=topic_title(discussion.topic),
        speaker=speaker,
        prompt=listener.heard,
        annotation=annotating[0].preview(discussion.messages[:1], scale=asked[0] if asked else None)
        if annotating
        else (),
    )


class _Listener(Model):
    """Model that keeps the first prompt."""

    def __init__(self) -> None:
        super().__init__("listener")
        self.heard: tuple[ChatMessage, ...] = ()

    async def complete(self, request: Request) -> Completion:
        self.heard = self.heard or request.messages
        return Completion("")
