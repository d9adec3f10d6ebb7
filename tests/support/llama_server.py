"""llama.cpp's own server, on loopback, for as long as its standard input stays open."""

import argparse
import os
import sys
import threading

import xllamacpp


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gguf")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--parallel", type=int, default=8)
    parser.add_argument("--context", type=int, default=1024, help="tokens of one request")
    given = parser.parse_args()
    params = xllamacpp.CommonParams()
    params.model.path = given.gguf
    params.hostnames = ["127.0.0.1"]
    params.port = given.port
    params.n_parallel = given.parallel
    params.cache_prompt = given.parallel > 1
    params.n_ctx = given.parallel * given.context
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # its threads spin while they wait
    params.n_threads_http = 2 * given.parallel
    params.model_alias = {"SmolLM2"}
    params.warmup = False
    params.verbosity = 1
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
