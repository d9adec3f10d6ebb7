"""Models that run in this process: Hugging Face models on torch, GGUF and OpenVINO models on the CPU.

The way of a request, from above: `batching` collects requests and settles their answers, `chat_model` turns them into
rows, a decoder of the engine generates their replies, or a scorer the probabilities of their labels.

==================  ==========================================  ===============================
part                transformers                                OpenVINO
==================  ==========================================  ===============================
model               `transformers_model`, `loading`             `openvino_model`
chat template       `hub_tokenizer`                             `openvino_tokenizer`
forward pass        `forward_pass`                              `openvino_graph`
prompts             `prefill`, by a `prefix_tree`               `block_pool`
cache               `running_cache`                             `openvino_graph.PagedCache`
replies             `transformers_decoding`, or                 `openvino_decoding`
                    `generate_decoding` for the rest
sampling            `torch_sampler`                             `numpy_sampler`
labels              `transformers_scoring`                      `openvino_scoring`
==================  ==========================================  ===============================

Rules that both engines keep:

1. A reply depends on its request alone: not on its neighbours in the batch, on the order of arrival, or on the step at
   which it joins. What rounding leaves is all that a neighbour may change.
2. The noise of a token is a hash of the request's seed, the step of its own reply, and the token (`noise`).
3. Every token of a row is in the cache once, at a position counted from the row's beginning, except the last, which
   is fed at the next step.
4. Padding, and blocks left behind by other rows, are masked or out of reach; they hold finite numbers all the same.
5. A row leaves at the step at which it is finished, and a row that cannot go on fails alone.
6. Anything undocumented that an engine must do is checked when a model is loaded (`engine_versions`).

``docs/design/local_engine.md`` draws the rows and columns, and says why there is a loop of our own.
"""
