"""What a page sends goes where the page says, whoever wrote to the widget last."""

import traitlets
from ipykernel.comm.comm import BaseComm

from syndisco_nb.widgets.messaging import MessagingWidget


class Counter(MessagingWidget):
    _esm = "export default { render() {} }"
    count = traitlets.Int().tag(sync=True)


class Wire(BaseComm):
    """A comm that sends to nobody, but notes, as ipykernel's does, on which thread's behalf."""

    kernel = "there"

    def publish_msg(self, msg_type, data=None, **keys):
        self._reply_subshell_id = "of an earlier page"


def test_nobody_else_is_asked_to_hear_the_page():
    counter = Counter()
    counter.comm = wire = Wire()
    assert wire._reply_subshell_for({}, "of this page") == "of an earlier page"
    counter.count = 1
    assert wire._reply_subshell_for({}, "of this page") == "of this page"
    counter.send({"id": 1})
    assert wire._reply_subshell_for({}, "of this page") == "of this page"
