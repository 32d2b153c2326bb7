#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes inspects.want: what a template is to see of the containers among the captures, by Python's
own reading of HTTP and JSON and the rules written down here a second time. Run it in this directory
after adding a capture; the unit tests compare."""
import calendar
import glob
import json
import re
import time


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


def created(text):
    m = re.fullmatch(r"(.*?)(?:\.(\d+))?Z", text)
    sec = calendar.timegm(time.strptime(m[1], "%Y-%m-%dT%H:%M:%S"))
    return "%d.%s" % (sec, (m[2] or "").ljust(9, "0"))


def image(ref):
    registry = ""
    first, slash, rest = ref.partition("/")
    if slash and (first == "localhost" or re.search("[.:]", first)):
        registry, ref = first, rest
    repository, _, tag = ref.partition(":")
    return "|".join((registry, repository, tag))


def addresses(c, ip):
    ports = c["NetworkSettings"].get("Ports") or {
        p: None for p in c["Config"].get("ExposedPorts") or {}}
    rows = []
    for port, bindings in ports.items():
        number, proto = port.split("/")
        b = bindings[0] if bindings else {"HostIp": "", "HostPort": ""}
        rows.append((int(number), proto, b["HostPort"], b["HostIp"]))
    for number, proto, host_port, host_ip in sorted(rows):
        yield "|".join((ip, str(number), proto, host_ip, host_port))


def lines_of(c):
    config, host, net, state = c["Config"], c["HostConfig"], c["NetworkSettings"], c["State"]
    networks = sorted((net.get("Networks") or {}).items())
    main = dict(networks).get("bridge") or (networks[0][1] if networks else {})
    yield "id", c["Id"]
    yield "name", c["Name"].lstrip("/")
    yield "created", created(c["Created"])
    yield "hostname", config["Hostname"]
    yield "network_mode", host["NetworkMode"]
    yield "image", image(config["Image"])
    yield "image_id", c["Image"]
    yield "stop_signal", config.get("StopSignal") or ""
    yield "state", "%s running=%d paused=%d exit=%d health=%s" % (
        state["Status"], state["Running"], state["Paused"], state["ExitCode"],
        (state.get("Health") or {}).get("Status", ""))
    ip = net["IPAddress"] if "IPAddress" in net else main.get("IPAddress", "")
    yield "ip", ip
    yield "ip6", "|".join((
        net.get("LinkLocalIPv6Address") or "",
        net["GlobalIPv6Address"] if "GlobalIPv6Address" in net
        else main.get("GlobalIPv6Address", "")))
    yield "gateway", net["Gateway"] if "Gateway" in net else main.get("Gateway", "")
    for a in addresses(c, ip):
        yield "address", a
    for name, n in networks:
        yield "network", "|".join((
            name, n["NetworkID"], n["EndpointID"], n["IPAddress"], str(n["IPPrefixLen"]),
            n["Gateway"], n["MacAddress"], n["GlobalIPv6Address"],
            str(n["GlobalIPv6PrefixLen"]), n["IPv6Gateway"], ",".join(n["Aliases"] or [])))
    env = {}
    for entry in config["Env"] or []:
        key, _, value = entry.partition("=")
        env[key] = value
    for key in sorted(env):
        yield "env", key + "=" + env[key]
    for key in sorted(config["Labels"] or {}):
        yield "label", key + "=" + config["Labels"][key]
    for m in c["Mounts"]:
        yield "mount", "|".join((
            m["Type"], m.get("Name", ""), m["Source"], m["Destination"], m.get("Driver", ""),
            m["Mode"], str(m["RW"]).lower()))


def main():
    with open("inspects.want", "w") as out:
        for path in sorted(glob.glob("*/inspect-*.http")):
            with open(path, "rb") as f:
                raw = f.read()
            if not re.match(rb"HTTP/1\.1 200 ", raw):
                continue
            print("# " + path, file=out)
            for key, value in lines_of(json.loads(body_of(raw))):
                print(key, value, file=out)


main()
