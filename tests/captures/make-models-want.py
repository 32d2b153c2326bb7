#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes models.want: which containers run after each event stream among the captures, for somebody
who begins with it and knows of none before, by Python's own reading of HTTP and JSON: a line of JSON
for each container. Run it in this directory after adding a capture; the unit tests compare."""
import glob
import json

WORDS = {"died": "die", "remove": "destroy"}


def body_of(raw):
    head, _, body = raw.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" not in head.lower():
        return body
    out = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        n = int(size, 16)
        out += body[:n]
        body = body[n + 2:]
        if n == 0:
            break
    return out


def follow(events):
    known = {}
    for ev in events:
        if ev["Type"] != "container":
            continue
        verb, _, state = ev["Action"].partition(": ")
        verb = WORDS.get(verb, verb)
        at = ev["Actor"].get("Attributes") or {}
        ident = ev["Actor"]["ID"]
        if verb in ("start", "pause", "unpause", "health_status"):
            c = known.setdefault(ident, {"paused": False, "health": "", "running": True})
            c["running"] = True
        if ident not in known:
            continue
        c = known[ident]
        c["name"] = at.get("name", c.get("name", ""))
        if verb in ("die", "stop", "destroy"):
            c.update(running=False, paused=False)
        elif verb in ("pause", "unpause"):
            c["paused"] = verb == "pause"
        elif verb == "health_status":
            c["health"] = state or ev.get("HealthStatus", "")
    return {i: c for i, c in known.items() if c["running"]}


with open("models.want", "w") as want:
    for path in sorted(glob.glob("**/*.http", recursive=True)):
        try:
            body = body_of(open(path, "rb").read()).decode()
            events = [json.loads(x) for x in body.replace("\x1e", "").splitlines() if x]
        except ValueError:
            continue
        events = [e for e in events if isinstance(e, dict) and "timeNano" in e]
        if not events:
            continue
        print("# " + path, file=want)
        for ident, c in sorted(follow(events).items()):
            print('{"id":"%s","name":"%s","paused":%s,"health":"%s"}'
                  % (ident, c["name"], str(c["paused"]).lower(), c["health"]), file=want)
