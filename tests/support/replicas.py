"""Replicas without a server: models whose answers, refusals and capacity a test decides."""

import asyncio

import syndisco_nb as snb
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.records import ChatMessage


def request(seed=0, text="Tea?"):
    return Request((ChatMessage("user", text),), seed=seed)


class FakeServer(snb.Model):
    """Answers with its name, or raises `fault`; while `held`, an answer waits until `release`."""

    def __init__(self, name, room=None, fault=None, held=False):
        super().__init__(name)
        self.room, self.fault, self.held = room, fault, held
        self.asked = []
        self._open = asyncio.Event()

    @property
    def capacity(self):
        return self.room

    def release(self):
        self.held = False
        self._open.set()

    async def complete(self, request):
        self.asked.append(request.seed)
        if self.fault:
            raise self.fault
        if self.held:
            await self._open.wait()
            if self.fault:
                raise self.fault
        return Completion(self.name)
