"""`sample_comments`: a random sample of comments, the same number of each condition, to be labelled."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from syndisco_nb import doors
from syndisco_nb.errors import named_arguments, require, require_int
from syndisco_nb.experiments.chosen_comments import ChosenComments
from syndisco_nb.experiments.labelling_sources import labelling_sources
from syndisco_nb.records import Message
from syndisco_nb.seeds import Purpose, derive
from syndisco_nb.shown import Exported
from syndisco_nb.wording import count

if TYPE_CHECKING:
    import pandas as pd

    from syndisco_nb.doors import LeftOut

PER_CONDITION = 20


@dataclass(frozen=True, slots=True)
class CommentSample(ChosenComments, Exported):
    """A random sample of comments, in the order in which they are to be labelled; see `sample_comments`.

    Its page does not tell the condition of a comment, so that whoever labels may look at it; `to_dataframe` does.

    Attributes
    ----------
    comments, sources
        As of `ChosenComments`.
    per_condition : int
        Number of comments of each condition.
    seed : int
    roles : tuple of str
        Whose comments were drawn.
    population : mapping of str to int
        Number of comments from which was drawn, by condition; the condition is "" outside a study.
    left_out : LeftOut
        Comments that did not count.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Why?"), name) for name in ("Ana", "Ben")]
    >>> talk = snb.Discussion(users, topic="Tax?", num_turns=6, seed=1).run()
    >>> sample = snb.sample_comments(talk, per_condition=3, seed=1)
    >>> sample, sample.population, str(sample.left_out)
    (<CommentSample: 3 of 6 comments>, {'': 6}, '1 opening')
    """

    per_condition: int
    seed: int
    roles: tuple[str, ...]
    population: Mapping[str, int]
    left_out: "LeftOut"

    @property
    def drawn(self) -> dict[str, int]:
        """The number of comments in the sample, by condition."""
        conditions = {one.name: one.condition for one in self.sources.discussions}
        found = Counter(conditions[name] for name, _ in self.comments)
        return {condition: found[condition] for condition in self.population}

    @property
    def spec(self) -> dict[str, Any]:
        """The sample as run.json records it."""
        return {
            "random": True,
            "seed": self.seed,
            "per_condition": self.per_condition,
            "roles": list(self.roles),
            "population": dict(self.population),
            **self.places,
        }

    def recorded(self, spec: Mapping[str, Any]) -> "CommentSample":
        """Return the sample to label in a folder whose run.json records one.

        That is the one on record, if it was drawn in the same way: the study may have grown since, and the sample would
        be another today. A larger one that begins with it takes its place.

        Parameters
        ----------
        spec : mapping
            As `CommentSample.spec` was at that time; empty if nothing is on record.

        Raises
        ------
        RunFolderError
            If one of its discussions is gone.
        """
        if any(spec.get(name) != value for name, value in {"seed": self.seed, "roles": list(self.roles)}.items()):
            return self
        before = self.recorded_comments(spec)
        shared = min(len(before), len(self))
        begins_alike = before[:shared] == self.comments[:shared]
        if len(self) > len(before) if begins_alike else spec["per_condition"] != self.per_condition:
            return self
        population, per_condition = dict(spec["population"]), int(spec["per_condition"])
        return replace(self, comments=before, population=population, per_condition=per_condition)

    def of_condition(self, condition: str) -> "CommentSample":
        """Return the comments of one condition, as a sample of its run, whose discussions are named without it."""
        own = [one for one in self.sources.discussions if one.condition == condition]
        names = {one.name: one.name.removeprefix(f"{condition}.") for one in own}
        discussions = tuple(replace(one, name=names[one.name], condition="") for one in own)
        folder = self.sources.folder and self.sources.folder / condition
        return replace(
            self,
            comments=tuple((names[name], index) for name, index in self.comments if name in names),
            population={"": self.population[condition]},
            sources=replace(self.sources, discussions=discussions, folder=folder),
        )

    def messages(self) -> list[Message]:
        """Return the comments, in their order."""
        found = {
            (source.name, message.index): message for source in self.discussions() for message in source.read().comments
        }
        return [found[comment] for comment in self.comments]

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per comment, in their order.

        Columns are ``condition``, ``discussion``, ``discussion_id``, ``index``, ``turn``, ``name``, ``role`` and
        ``text``.
        """
        import pandas as pd

        sources = {one.name: one for one in self.sources.discussions}
        columns = ["condition", "discussion", "discussion_id", "index", "turn", "name", "role", "text"]
        rows = [
            [
                sources[name].condition,
                name,
                sources[name].texts.id,
                said.index,
                said.turn,
                said.name,
                said.role,
                said.text,
            ]
            for (name, _), said in zip(self.comments, self.messages(), strict=True)
        ]
        return pd.DataFrame(rows, columns=columns)

    def __len__(self) -> int:
        return len(self.comments)

    def __iter__(self) -> Iterator[Message]:
        return iter(self.messages())

    def __repr__(self) -> str:
        conditions = [condition for condition in self.population if condition]
        of = f", from {count(len(conditions), 'condition')}" if conditions else ""
        return f"<CommentSample: {len(self)} of {count(sum(self.population.values()), 'comment')}{of}>"


@named_arguments
def sample_comments(
    source: Any, per_condition: int = PER_CONDITION, seed: int = 0, roles: str | Sequence[str] | None = None
) -> CommentSample:
    """Draw comments at random, the same number of each condition, for people or models to label.

    Within a condition, every comment has the same chance (simple random sampling without replacement), so the number
    of each discussion is as chance has it. The order is mixed: one comment of each condition, then the next one of
    each, in an order drawn anew each time; so the beginning of a sample is a sample, too, and work that ends halfway
    is of use. A larger sample with the same seed begins with the smaller one.

    The sample is drawn from the discussions that are finished now. A folder of labels records its sample: where the
    study has grown since, labelling goes on with the sample on record.

    Parameters
    ----------
    source : Study, Run, Transcript, iterable of Transcript, str or path-like
        The discussions; a path is that of a run or study.
    per_condition : int
        Number of comments of each condition; where there are fewer, all. Outside a study, the number in all.
    seed : int
        Decides what is drawn, and the order.
    roles : str or collection of str, optional
        Whose comments are drawn: "participant", "moderator", "opening" and "guest", or "all"; by default participants'.

    Raises
    ------
    InvalidInputError
        If there is no comment to draw.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel(["Why?", "No."]), name) for name in ("Ana", "Ben")]
    >>> talk = snb.Discussion(users, topic="Tax?", num_turns=6, seed=1).run()
    >>> len(snb.sample_comments(talk, 4, seed=1))
    4
    """
    require_int("per_condition", per_condition, 1)
    require_int("seed", seed, 0)
    sources = labelling_sources(source)
    found = doors.counted_comments((one.read() for one in sources.discussions), roles)
    strata: dict[str, list[tuple[int, str, int]]] = {}
    for one, indices in zip(sources.discussions, found.indices, strict=True):
        keys = [(derive(seed, Purpose.COMMENT_SAMPLE, one.texts.id, index), one.name, index) for index in indices]
        strata.setdefault(one.condition, []).extend(keys)
    require(
        any(strata.values()),
        f"There is no comment to draw: {found.left_out or 'nothing was said'}"
        f"{' is left out' if found.left_out else ''}. Choose whose comments count by roles.",
        "roles",
    )
    # The comments with the lowest keys are the sample: a larger one, or that of a study that has grown, shares them.
    ranked = [comment for keys in strata.values() for comment in enumerate(sorted(keys)[:per_condition])]
    ranked.sort(key=lambda comment: (comment[0], derive(seed, Purpose.COMMENT_ORDER, comment[1][0])))
    return CommentSample(
        comments=tuple((name, index) for _, (_, name, index) in ranked),
        per_condition=per_condition,
        seed=seed,
        roles=found.roles,
        population={condition: len(keys) for condition, keys in strata.items()},
        left_out=found.left_out,
        sources=sources,
    )


def sampled_roles(specs: Sequence[Mapping[str, Any] | None]) -> frozenset[str]:
    """Return the roles of whose comments all of some runs of labels have a random sample; empty if one has none.

    Parameters
    ----------
    specs : sequence of mapping or None
        `CommentSample.spec` of each run, as in its run.json.

    Examples
    --------
    >>> whole, own = ({"random": True, "roles": roles} for roles in (["participant", "moderator"], ["participant"]))
    >>> sampled_roles([whole, own]), sampled_roles([own, None])
    (frozenset({'participant'}), frozenset())
    """
    of_each = [frozenset(spec["roles"]) if spec and spec.get("random") is True else frozenset() for spec in specs]
    return frozenset.intersection(*of_each) if of_each else frozenset()
