"""Models that answer in batches: the batch APIs of servers that speak OpenAI's protocol.

The way of a request through `batch_model`::

    OpenAIModel       makes the fields, in the form that the server accepts
       │
    batch_queue       gathers the requests of a run folder, and knows which of them were sent before
       │
       │    batch_lines writes them as lines of a file, under a key
       ▼
    batch_steps       takes a job through its stages: upload, create, wait, fetch (batch_endpoint)
       │
       │    batch_lines reads the answers
       ▼
    OpenAIModel       checks the answer, and asks again if it holds none
"""
