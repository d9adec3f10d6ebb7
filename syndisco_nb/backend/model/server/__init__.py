"""Models behind a server that speaks OpenAI's protocol.

The way of a request::

    Request ── request_body ──▶ fields of the request, as JSON       (with thinking_fields)
                                   │
                            capabilities       leaves out or renames the fields that the server is known to refuse
                                   │           (workarounds), and finds out which they are
                              retrying         sends at most `Throttle.limit` at once, again while it may help
                                   │
                             connection        sends once, through client, with the api_key
                                   │
    Completion ◀── openai_model ◀──┴── server_answer reads the answer, or faults says why there is none
"""
