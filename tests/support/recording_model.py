"""The stand-in for a model: it records its requests, answers by a script, and waits or fails when a test says so."""

import asyncio
import inspect
import math

import syndisco_nb as snb


class RecordingModel(snb.ScriptedModel):
    """A `ScriptedModel` that records its requests.

    Parameters
    ----------
    script : str, list of str, or callable
        As for `ScriptedModel`; a function may also return a `Completion`.
    name : str
    error : Exception
        Raised for the seeds in `failing`.
    load_error : Exception, optional
        Raised by `load`.
    allowed : float
        Number of requests that are answered; later ones wait until it is raised.

    Attributes
    ----------
    requests : list of Request
        In the order in which they came.
    loads : int
        Number of calls of `load`.
    failing : set
        Seeds of the requests that fail; "all" stands for every seed.
    """

    def __init__(self, script="Yes.", name="m", *, error=None, load_error=None, allowed=math.inf):
        super().__init__(script, name)
        self.error = error or ConnectionError("gone")
        self.load_error = load_error
        self.allowed = allowed
        self.requests = []
        self.loads = 0
        self.failing = set()

    @property
    def seeds(self):
        """The seeds of the requests."""
        return [request.seed for request in self.requests]

    @property
    def prompts(self):
        """The last message of each request."""
        return [request.messages[-1].content for request in self.requests]

    async def load(self):
        self.loads += 1
        if self.load_error:
            raise self.load_error

    async def complete(self, request):
        self.requests.append(request)
        number = len(self.requests)
        while number > self.allowed:
            await asyncio.sleep(0.001)
        if request.seed in self.failing or "all" in self.failing:
            raise self.error
        if not callable(self.script):
            return snb.Completion(self.script[request.seed % len(self.script)])
        answer = self.script(request)
        answer = await answer if inspect.isawaitable(answer) else answer
        return snb.Completion(answer) if isinstance(answer, str) else answer

    def settings(self):
        """Return those of a `ScriptedModel`, so that a run goes on with one in the place of the other."""
        return super().settings() | {"type": "ScriptedModel"}
