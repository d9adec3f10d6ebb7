"""Models behind a server that speaks OpenAI's protocol.

The way of a request through `openai_model`::

    Request
       │    request_body     makes the fields of the body, with those of thinking_fields
       ▼
    answering                asks again for what is no answer; scores labels where it can (label_scoring, first_tokens)
       │
    capabilities             drops or changes the fields that this server refuses (workarounds), and learns which
       │
    retrying                 limits the requests under way, and repeats them after passing faults
       │
    connection               sends one request, through the client and with the api_key, to the address
       │
       │    answer_stream    puts streamed events together
       │    server_answer    reads the reply (thoughts apart); faults explains an error (without echoes)
       ▼
    Completion
"""
