"""Chat files: OpenAI, ShareGPT, ChatML."""
