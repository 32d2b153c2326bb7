#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes events.want: what the event streams among the captures say, by Python's own reading of
HTTP and JSON. Run it in this directory after adding a capture; the unit tests compare."""
import glob
import json

ACTIONS = {
    ("container", a): k
    for a, k in {
        "create": "create", "destroy": "destroy", "remove": "destroy", "die": "die",
        "died": "die", "health_status": "health_status", "kill": "kill", "oom": "oom",
        "pause": "pause", "rename": "rename", "restart": "restart", "start": "start",
        "stop": "stop", "unpause": "unpause", "update": "update",
    }.items()
} | {
    ("network", a): "network " + k
    for a, k in {
        "connect": "connect", "disconnect": "disconnect", "destroy": "destroy",
        "remove": "destroy",
    }.items()
} | {(t, a): t + " " + a for t in ("node", "service") for a in ("create", "remove", "update")}


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


def line_of(ev):
    verb, _, state = ev["Action"].partition(": ")
    kind = ACTIONS.get((ev["Type"], verb))
    if not kind:
        return None
    actor = ev["Actor"]
    at = actor["Attributes"]
    f = dict.fromkeys(("id", "network", "netname", "name", "image", "signal", "health"), "")
    if kind in ("network connect", "network disconnect"):
        if "container" in at:
            f.update(id=at["container"], network=actor["ID"], netname=at.get("name", ""))
        else:
            f.update(id=actor["ID"], netname=at.get("network", ""), name=at.get("name", ""))
    elif kind == "network destroy":
        f.update(network=actor["ID"], netname=at.get("network") or at.get("name", ""))
    else:
        f.update(id=actor["ID"], name=at.get("name", ""), image=at.get("image", ""))
        if kind == "kill":
            f["signal"] = at.get("signal", "")
        if kind == "health_status":
            f["health"] = state or ev.get("HealthStatus", "")
    return "  %s %s %s" % (kind, ev["timeNano"], " ".join("%s=%s" % i for i in f.items() if i[1]))


with open("events.want", "w") as want:
    for path in sorted(glob.glob("**/*.http", recursive=True)):
        body = body_of(open(path, "rb").read()).decode()
        try:
            events = [json.loads(x) for x in body.replace("\x1e", "").splitlines() if x]
        except ValueError:
            continue
        events = [e for e in events if isinstance(e, dict) and "timeNano" in e]
        if not events:
            continue
        lines = [x for x in map(line_of, events) if x]
        print("%s: %d events, %d dropped" % (path, len(lines), len(events) - len(lines)),
              *lines, sep="\n", file=want)
