"""Streamed answers as vLLM 0.32.0 sent them, an event a line, without ids and times."""

from __future__ import annotations

CUT_WITHIN_A_CHARACTER = """\
{"object":"chat.completion.chunk","model":"small","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"prompt_token_ids":null,"prompt_text":null}
{"object":"chat.completion.chunk","model":"small","choices":[{"index":0,"delta":{"content":" "},"logprobs":{"content":[{"token":" ","logprob":-0.5972313284873962,"bytes":[32],"top_logprobs":[]}]},"finish_reason":null,"token_ids":null}]}
{"object":"chat.completion.chunk","model":"small","choices":[{"index":0,"delta":{"content":""},"logprobs":{"content":[{"token":"","logprob":-0.4785735011100769,"bytes":[],"top_logprobs":[]}]},"finish_reason":null,"token_ids":null}]}
{"object":"chat.completion.chunk","model":"small","choices":[{"index":0,"delta":{"content":"你"},"logprobs":{"content":[{"token":"你","logprob":-0.02216460183262825,"bytes":[228,189,160],"top_logprobs":[]}]},"finish_reason":null,"token_ids":null}]}
{"object":"chat.completion.chunk","model":"small","choices":[{"index":0,"delta":{"content":""},"logprobs":{"content":[{"token":"","logprob":-1.9562650918960571,"bytes":[],"top_logprobs":[]}]},"finish_reason":"length","stop_reason":null,"token_ids":null}],"system_fingerprint":"vllm-0.32.0-04dff2b1"}
[DONE]"""  # noqa: E501

ENDED = """\
{"object":"chat.completion.chunk","model":"small","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"prompt_token_ids":null,"prompt_text":null}
{"object":"chat.completion.chunk","model":"small","choices":[{"index":0,"delta":{"content":" request"},"logprobs":{"content":[{"token":" request","logprob":-1.382590413093567,"bytes":[32,114,101,113,117,101,115,116],"top_logprobs":[]}]},"finish_reason":null,"token_ids":null}]}
{"object":"chat.completion.chunk","model":"small","choices":[{"index":0,"delta":{"content":"?"},"logprobs":{"content":[{"token":"?","logprob":-0.1777205765247345,"bytes":[63],"top_logprobs":[]}]},"finish_reason":null,"token_ids":null}]}
{"object":"chat.completion.chunk","model":"small","choices":[{"index":0,"delta":{"content":""},"logprobs":{"content":[{"token":"<|im_end|>","logprob":-0.15986491739749908,"bytes":[60,124,105,109,95,101,110,100,124,62],"top_logprobs":[]}]},"finish_reason":"stop","stop_reason":2,"token_ids":null}],"system_fingerprint":"vllm-0.32.0-04dff2b1"}
[DONE]"""  # noqa: E501

REFUSED_SCHEMA = """\
{"error": {"message": "Grammar error: regex parse error:\\n    (\\n    ^\\nerror: unclosed group", "type": "BadRequestError", "param": null, "code": 400}}
[DONE]"""  # noqa: E501
"""With HTTP status 200."""

FAILED = """\
{"error": {"message": "EngineCore encountered an issue. See stack trace (above) for the root cause.", "type": "InternalServerError", "param": null, "code": 500}}
[DONE]"""  # noqa: E501
