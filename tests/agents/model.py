#!/usr/bin/env python3
"""A model that plays a script: the loopback endpoint that real agents talk to in the tests.

Serves Anthropic Messages (POST .../v1/messages) and OpenAI Responses (POST .../responses), streaming.  The turn that is
played is the number of assistant rounds in the request's own history since the prompt that holds "SCRIPT:", so retries
and side calls change nothing.  A turn is {"say": text, "calls": [call...]}, a call {"do": "shell", "command": ...},
{"do": "read", "path": ...}, {"do": "edit", "path": ..., "old": ..., "new": ...} or {"do": "fetch", "url": ...}: it becomes
whatever tool the agent offers for it.  Every request is kept in Model.seen: (turn, last tool results, api key).
"""
import http.server
import json
import threading

# What is asked, the tools that can carry it, and what they call its arguments.
TOOLS = {
    "shell": (["Bash", "exec_command", "shell_command", "shell"], {"command": ["command", "cmd"]}),
    "read": (["Read"], {"path": ["file_path"]}),
    "edit": (["Edit"], {"path": ["file_path"], "old": ["old_string"], "new": ["new_string"]}),
    "write": (["Write"], {"path": ["file_path"], "content": ["content"]}),
    "fetch": (["WebFetch"], {"url": ["url"], "prompt": ["prompt"]}),
}
IN_A_SHELL = {"read": "cat '{path}'", "fetch": "curl -sS -m 5 '{url}'"}


def text_of(content):
    """All text of a message's content, however it is nested."""
    if isinstance(content, list):
        return "\n".join(text_of(part) for part in content)
    if isinstance(content, dict):
        return next((text_of(content[key]) for key in ("text", "content", "output") if key in content), "")
    return content if isinstance(content, str) else ""


def patch(call):
    """The envelope of apply_patch for an edit or a new file."""
    if call["do"] == "write":
        body = "*** Add File: %s\n%s" % (call["path"], "".join("+%s\n" % line for line in call["content"].splitlines()))
    else:
        body = "*** Update File: %s\n@@\n-%s\n+%s\n" % (call["path"], call["old"], call["new"])
    return "*** Begin Patch\n%s*** End Patch\n" % body


def resolve(call, offered):
    """(tool, arguments, free text?) for one call, from {tool name: (schema, free?)}."""
    names, arguments = TOOLS[call["do"]]
    name = next((n for n in names if n in offered), None)
    if name is None and call["do"] in ("edit", "write"):
        if "apply_patch" in offered:
            free = offered["apply_patch"][1]
            return "apply_patch", patch(call) if free else {"input": patch(call)}, free
        return resolve({"do": "shell", "command": "apply_patch <<'PATCH'\n%sPATCH\n" % patch(call)}, offered)
    if name is None:
        return resolve({"do": "shell", "command": IN_A_SHELL[call["do"]].format(**call)}, offered)
    properties = (offered[name][0] or {}).get("properties", {})
    made = {}
    for argument, keys in arguments.items():
        if argument in call:
            key = next((k for k in keys if k in properties), keys[0])
            made[key] = ["bash", "-lc", call[argument]] if properties.get(key, {}).get("type") == "array" else call[argument]
    for required in (offered[name][0] or {}).get("required", []):
        made.setdefault(required, "x")
    return name, made, False


def read_messages(body):
    """[(who, text)], offered tools of an Anthropic request."""
    items = []
    for message in body.get("messages", []):
        content = message.get("content")
        for part in content if isinstance(content, list) else [content]:
            result = isinstance(part, dict) and part.get("type") == "tool_result"
            items.append((message["role"] if not result else "result", text_of(part)))
    return items, {t["name"]: (t.get("input_schema"), False) for t in body.get("tools") or [] if "name" in t}


def read_responses(body):
    """The same of an OpenAI Responses request."""
    items, offered = [], {}
    given = body.get("input", [])
    for item in [{"role": "user", "content": given}] if isinstance(given, str) else given:
        kind = item.get("type", "message")
        if kind == "message":
            items.append((item.get("role"), text_of(item.get("content"))))
        else:
            items.append(("result" if kind.endswith("_output") else "assistant", text_of(item.get("output"))))
    for tool in body.get("tools") or []:
        if tool.get("type") in ("function", "custom"):
            offered[tool["name"]] = (tool.get("parameters"), tool["type"] == "custom")
    return items, offered


def rounds(items):
    """Assistant rounds since the prompt, and the text of the results behind the last one."""
    start = next((i for i, (who, text) in enumerate(items) if who == "user" and "SCRIPT:" in text), 0)
    count, previous, tail = 0, None, []
    for who, text in items[start:]:
        if who == "assistant":
            count += previous != "assistant"
            tail = []
        else:
            tail.append(text)
        previous = who
    return count, "\n".join(tail)


def messages_events(model, number, say, calls):
    """Server-sent events of Anthropic's stream."""
    yield "message_start", {"message": {"id": "msg_%d" % number, "type": "message", "role": "assistant", "model": model,
                                        "content": [], "stop_reason": None, "stop_sequence": None,
                                        "usage": {"input_tokens": 1, "output_tokens": 1}}}
    blocks = [({"type": "text", "text": ""}, {"type": "text_delta", "text": say})]
    for n, (name, arguments, _) in enumerate(calls):
        blocks.append(({"type": "tool_use", "id": "toolu_%d_%d" % (number, n), "name": name, "input": {}},
                       {"type": "input_json_delta", "partial_json": json.dumps(arguments)}))
    for index, (block, delta) in enumerate(blocks):
        yield "content_block_start", {"index": index, "content_block": block}
        yield "content_block_delta", {"index": index, "delta": delta}
        yield "content_block_stop", {"index": index}
    yield "message_delta", {"delta": {"stop_reason": "tool_use" if calls else "end_turn", "stop_sequence": None},
                            "usage": {"output_tokens": 1}}
    yield "message_stop", {}


def responses_events(model, number, say, calls):
    """Server-sent events of OpenAI's stream."""
    response = {"id": "resp_%d" % number, "object": "response", "created_at": 0, "status": "in_progress", "model": model,
                "output": [], "usage": None, "error": None, "incomplete_details": None}
    yield "response.created", {"response": dict(response)}
    output = [{"type": "message", "id": "msg_%d" % number, "status": "completed", "role": "assistant",
               "content": [{"type": "output_text", "text": say, "annotations": []}]}]
    for n, (name, arguments, free) in enumerate(calls):
        item = {"id": "fc_%d_%d" % (number, n), "status": "completed", "call_id": "call_%d_%d" % (number, n), "name": name}
        if free:
            item.update(type="custom_tool_call", input=arguments)
        else:
            item.update(type="function_call", arguments=json.dumps(arguments))
        output.append(item)
    for index, item in enumerate(output):
        yield "response.output_item.added", {"output_index": index, "item": dict(item, status="in_progress")}
        yield "response.output_item.done", {"output_index": index, "item": item}
    usage = {"input_tokens": 1, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 1,
             "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 2}
    yield "response.completed", {"response": dict(response, status="completed", output=output, usage=usage)}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        whole = b""
        while True:
            size = int(self.rfile.readline(), 16)
            whole += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return whole

    def reply(self, status, kind, raw):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)

    def do_GET(self):
        self.reply(200, "application/json", b'{"object": "list", "data": [], "ok": true}')

    do_HEAD = do_GET

    def do_POST(self):
        body = json.loads(self.body() or b"{}")
        path = self.path.split("?")[0]
        if path.endswith("/count_tokens"):
            return self.reply(200, "application/json", b'{"input_tokens": 1}')
        messages = path.endswith("/messages")
        if not messages and not path.endswith("/responses"):
            return self.reply(404, "application/json", b"{}")
        items, offered = (read_messages if messages else read_responses)(body)
        turn, results = rounds(items)
        script = self.server.script
        played = script[min(turn, len(script) - 1)] if offered else {"say": "a title"}
        calls = [resolve(call, offered) for call in played.get("calls", [])]
        with self.server.lock:
            self.server.number += 1
            number = self.server.number
            if offered:
                key = self.headers.get("x-api-key") or self.headers.get("authorization") or ""
                self.server.seen.append((turn, results, key))
        if not body.get("stream"):
            content = [{"type": "text", "text": played.get("say", "")}]
            return self.reply(200, "application/json", json.dumps({
                "id": "msg_%d" % number, "type": "message", "role": "assistant", "model": "m", "content": content,
                "stop_reason": "end_turn", "usage": {"input_tokens": 1, "output_tokens": 1}}).encode())
        events = (messages_events if messages else responses_events)(
            body.get("model", "scripted"), number, played.get("say", "Next."), calls)
        raw = b"".join(b"event: %s\ndata: %s\n\n" % (kind.encode(), json.dumps(dict(data, type=kind)).encode())
                       for kind, data in events)
        return self.reply(200, "text/event-stream", raw)


class Model(http.server.ThreadingHTTPServer):
    """Plays `script` on a free port of 127.0.0.1 until close()."""
    daemon_threads = True

    def __init__(self, script):
        super().__init__(("127.0.0.1", 0), Handler)
        self.script, self.seen, self.number, self.lock = script, [], 0, threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.server_address[1]

    def handle_error(self, *_):
        pass  # an agent that hangs up

    def close(self):
        self.shutdown()
        self.server_close()
