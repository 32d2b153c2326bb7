#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What somebody sees who writes a template: the commands render, snapshot, check and record, against
# the emulator and a real engine, and with everything wrong that can be.
here=$(dirname "$0")
. "$here/../lib/tap.sh"
. "$here/../lib/upstreamd.sh"
. "$here/../lib/enginesim.sh"
. "$here/../lib/dockerd.sh"
. "$here/../lib/podman.sh"

scratch_new
upstreamd_need
enginesim_start || skip_all "$enginesim_reason"
unset DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH NO_COLOR
cd "$scratch" || exit 99

# ud ARG…: runs to its end; standard output, standard error and status are in $out, $said, $status.
ud() {
	timeout -k 5 30 "$upstreamd_program" "$@" >out.txt 2>said.txt
	status=$?
	out=$(tr -d '\0' <out.txt)
	said=$(tr -d '\0' <said.txt)
}

# sim_ud COMMAND ARG…: the same at the emulator.
sim_ud() {
	local command=$1
	shift
	ud "$command" --endpoint "unix://$enginesim_socket" "$@"
}

says() {
	grep -Eq -- "$2" <<<"$said" && ok "$1" || not_ok "$1" "said: $said
wanted: $2"
}

# fails SENTENCE STATUS REGEX: what ud just did failed so, and printed nothing.
fails() {
	says "$1" "$3"
	is "$1: the exit status" "$status" "$2"
	is "$1: nothing is printed" "$out" ""
}

on_failure() {
	echo "status ${status-}, printed:"
	head -n 5 out.txt
	echo "said:"
	head -n 5 said.txt
}

sim run one label.upstreamd.host=a.example env.DB_PASSWORD=hunter2 >/dev/null
sim run two >/dev/null
sim run stopped >/dev/null
sim stop stopped >/dev/null
printf '{{ range . }}{{ .Name }} {{ .IP }}\n\n{{ end }}' >names.tmpl
names=$(printf 'two 172.17.0.3\none 172.17.0.2')

# --- render ------------------------------------------------------------------------------

sim_ud render names.tmpl
is "the live engine's containers are printed" "$out" "$names"
is "and nothing is said" "$said" ""
sim_ud render names.tmpl --keep-blank-lines
is "blank lines can be kept" "$out" "two 172.17.0.3

one 172.17.0.2"
sim_ud render names.tmpl --include-stopped
check "stopped containers can be shown" grep -q stopped out.txt
sim_ud render names.tmpl --container-filter name=one
is "filters are those of the configuration" "$out" "one 172.17.0.2"
sim_ud render names.tmpl --container-filter nmae=one
fails "a wrong filter is named" 2 "container-filter: .*nmae"

printf '{{ range . }}{{ template "row" . }}{{ end }}' >main.tmpl
printf '{{ define "row" }}{{ .Name }};{{ end }}' >row.tmpl
sim_ud render main.tmpl --template row.tmpl
is "a second template by an option" "$out" "two;one;"
sim_ud render "main.tmpl;row.tmpl"
is "a second template by a list" "$out" "two;one;"
printf '{{ len . }}' | "$upstreamd_program" render -e "unix://$enginesim_socket" - >out.txt
is "a template from standard input" "$(cat out.txt)" 2

sim_ud render names.tmpl new.conf
is "with DEST nothing is printed" "$out" ""
is "the file is made" "$(cat new.conf)" "$names"
inode=$(stat -c %i new.conf)
sim_ud render names.tmpl new.conf
is "the same result leaves the file alone" "$(stat -c %i new.conf)" "$inode"
chmod 0640 new.conf
sim run three >/dev/null
sim_ud render names.tmpl new.conf
check "another result replaces it" grep -q three new.conf
is "its mode stays" "$(stat -c %a new.conf)" 640
sim remove three >/dev/null

sim_ud render names.tmpl --repeat 20
is "with --repeat the result is printed once" "$out" "$names"
check "and how long one takes" grep -Eqx '[0-9]+ ns per render' said.txt
check "and how large it is" grep -qx "$(wc -c <out.txt) bytes of output" said.txt
check "and how much memory that takes" grep -Eqx '[0-9]+ kB peak RSS' said.txt

cat >ud.ini <<INI
[engine]
endpoint = unix://$enginesim_socket
[output web]
template = main.tmpl
template = row.tmpl
dest = web.conf
container_filter = name=one
INI
ud render -c ud.ini --output web
is "an output of the configuration is shown" "$out" "one;"
check_not "its file is not written" test -e web.conf
ud render -c ud.ini --output wbe
fails "an unknown output is named, and those that there are" 2 "wbe.*it has web"

ud render -c ud.ini --output web
cp out.txt shown.conf
spawn daemon.log "$upstreamd_program" -c ud.ini
wait_check 10 "the daemon writes the same" cmp shown.conf web.conf
stop_pid "$spawned"
rm -f web.conf

# A second engine, far, beside the first.
spawn far.log "$enginesim_program" --socket "$scratch/far.sock" --control "$scratch/far.ctl" \
	--captures "${ENGINESIM_CAPTURES-$top_srcdir/tests/captures}"
far_pid=$spawned
at_exit stop_pid "$far_pid"
wait_for 10 "$enginesim_program" ctl "$scratch/far.ctl" list
"$enginesim_program" ctl "$scratch/far.ctl" run away >/dev/null
sed "s|^\[engine\]|[engine far]\nendpoint = unix://$scratch/far.sock\n[engine near]|" ud.ini >two.ini
printf '{{ range . }}{{ .Engine.Name }}/{{ .Name }}\n{{ end }}' >engines.tmpl
ud render -c two.ini engines.tmpl
is "of several engines all are asked" "$(sort <<<"$out" | tr '\n' ' ')" "far/away near/one near/two "
ud snapshot -c two.ini --engine far
is "a snapshot is of one" "$(jq -r '.containers[].Name' <<<"$out")" /away
ud snapshot -c two.ini --engine fra
fails "an unknown engine is named, and those that there are" 3 "fra.*far, near"
stop_pid "$far_pid"
ud render -c two.ini engines.tmpl
fails "an engine that is away is an error" 4 "far\.sock"

# --- snapshots ------------------------------------------------------------------------------

# All that a template sees, on one line for each container.
cat >all.tmpl <<'TMPL'
{{ range . }}{{ toJson . }}
{{ end }}{{ toJson .Docker }} {{ toJson .Env }} {{ toJson .CurrentContainer }}
TMPL

# same_both_ways NAME ENDPOINT ARG…: live and from a snapshot all is the same.
same_both_ways() {
	local name=$1 endpoint=$2
	shift 2
	ud snapshot --endpoint "$endpoint" "$name.json"
	is "$name: a snapshot is taken" "$status $out$said" "0 "
	check "$name: it is one JSON object" jq -e 'keys == ["containers", "current_id", "env", "info",
		"networks", "version"]' "$name.json"
	is "$name: only its owner may read it" "$(stat -c %a "$name.json")" 600
	ud render --endpoint "$endpoint" all.tmpl live.txt "$@"
	is "$name: the live engine is rendered" "$status $said" "0 "
	ud render --from "$name.json" all.tmpl from.txt "$@"
	is "$name: the snapshot is rendered" "$status $said" "0 "
	check "$name: both give the same bytes" cmp live.txt from.txt
	check "$name: there is something in it" grep -q '"Name":"one"' from.txt
}

# raw_inspects NAME SOCKET: each container stands in the snapshot as the engine words it.
raw_inspects() {
	local name=$1 socket=$2 id
	for id in $(jq -r '.containers[].Id' "$name.json"); do
		curl -s --unix-socket "$socket" "http://engine/containers/$id/json" >inspect.json
		grep -qF -f <(tr -d '\n' <inspect.json) "$name.json" || return 1
	done
}

same_both_ways emulator "unix://$enginesim_socket"
same_both_ways emulator "unix://$enginesim_socket" --include-stopped
check "stopped containers are in a snapshot" grep -q '"Name":"stopped"' from.txt
if command -v curl >/dev/null; then
	check "containers are worded as the engine does" raw_inspects emulator "$enginesim_socket"
else
	skip "containers are worded as the engine does" "curl is not installed"
fi
printf '{{ .Env.UDTEST_SAYS }} {{ env "UDTEST_SAYS" }}' >env.tmpl
UDTEST_SAYS=hello sim_ud snapshot env.json
UDTEST_SAYS=other ud render --from env.json env.tmpl
is "the environment is that of the snapshot" "$out" "hello hello"
ud render --from - all.tmpl from2.txt --include-stopped <emulator.json
check "a snapshot from standard input" cmp from.txt from2.txt

UDTEST_TOKEN=hush1 UDTEST_URL=https://u:hush2@h/p sim_ud snapshot --redact
printf '%s\n' "$out" >redacted.json
check "a masked snapshot is JSON" jq -e '.containers | length == 3' redacted.json
check_not "secrets of containers are masked" grep -q hunter2 redacted.json
check_not "so are those of this process" grep -q hush redacted.json
check "all else stays" grep -q '"upstreamd.host":"a.example"' redacted.json
ud render --from redacted.json names.tmpl
is "and it renders as before" "$out" "$names"

# --- wrong templates ---------------------------------------------------------------------------

printf 'fine\n\t{{ range . }}{{ .Nope }}{{ end }}\n' >exec.tmpl
sim_ud render exec.tmpl
fails "an error of a render has Go's words" 5 \
	'template: exec\.tmpl:2:17: executing "exec\.tmpl" at <\.Nope>: can.t evaluate field Nope'
says "the line follows" '^    2 \|     \{\{ range \. \}\}\{\{ \.Nope \}\}\{\{ end \}\}$'
says "and a mark below the column" '^      \|                     \^$'
check_not "no colours in a file" grep -q $'\033' said.txt
if command -v script >/dev/null; then
	script -qec "'$upstreamd_program' render --endpoint 'unix://$enginesim_socket' exec.tmpl" \
		/dev/null >said.txt </dev/null
	check "the mark is coloured on a terminal" grep -q $'\033\\[1;31m^' said.txt
	NO_COLOR=1 script -qec \
		"'$upstreamd_program' render --endpoint 'unix://$enginesim_socket' exec.tmpl" \
		/dev/null >said.txt </dev/null
	check "but not with NO_COLOR" eval 'grep -q "\^" said.txt && ! grep -q "$(printf "\033")" said.txt'
else
	skip "colours on a terminal" "script is not installed"
fi
printf 'x\n{{ foo }}\n' >parse.tmpl
ud render --endpoint unix:///nowhere parse.tmpl
fails "an error of the parser comes before the engine is asked" 5 \
	'template: parse\.tmpl:2: function "foo" not defined'
says "with its line" '^    2 \| \{\{ foo \}\}$'
says "and a mark" '^      \|    \^$'
printf '{{ define "row" }}{{ .Nope }}{{ end }}' >badrow.tmpl
sim_ud render "main.tmpl;badrow.tmpl"
says "an error of another file shows that one's line" '^    1 \| \{\{ define "row" \}\}\{\{ \.Nope'
sim_ud render exec.tmpl --log-format json
is "for programs there is one line" "$(wc -l <said.txt)" 1
check "which is JSON" jq -e '.level == "error"' said.txt
sim_ud render exec.tmpl new.conf
check "a failed render leaves DEST alone" grep -q two new.conf

sed -i 's/main\.tmpl/parse.tmpl/; s/row\.tmpl/exec.tmpl/' ud.ini
ud check -c ud.ini
is "check refuses it" "$status" 3
says "and names section and template" '\[output web\] template: .*parse\.tmpl:2: function'
says "and shows the line" '^    2 \| \{\{ foo \}\}$'
sed -i 's/parse\.tmpl/main.tmpl/' ud.ini
ud check -c ud.ini
is "check finds a good one good" "$status" 0
says "and says so" "good, 1 output"

# --- wrong files --------------------------------------------------------------------------------

ud render --from emulator.json missing.tmpl
fails "a missing template is named" 5 "missing\.tmpl: No such file"
ud render --from emulator.json "$scratch"
fails "a directory is no template" 5 "directory"
ud render --from emulator.json names.tmpl missing/x.conf
fails "a DEST in a missing directory is named" 1 "missing.*No such file"
ud render --from emulator.json names.tmpl "$scratch"
fails "a directory is no DEST" 1 "is a directory"
cp names.tmpl kept.tmpl
ln -s kept.tmpl link.tmpl
ud render --from emulator.json kept.tmpl link.tmpl
fails "a DEST that is the template is refused" 2 "link\.tmpl is a template"
ud render --from emulator.json main.tmpl --template row.tmpl -- ./row.tmpl
fails "also if it is another one of them" 2 "row\.tmpl is a template"
ud render --from emulator.json names.tmpl emulator.json
fails "so is the snapshot" 2 "emulator\.json is the snapshot"
check "nothing is overwritten" cmp kept.tmpl names.tmpl
ud render --from missing.json names.tmpl
fails "a missing snapshot is named" 1 "missing\.json: No such file"
head -c 3000 emulator.json >cut.json
ud render --from cut.json names.tmpl
fails "a truncated snapshot is named" 1 "cut\.json: "
echo 'not JSON' >no.json
ud render --from no.json names.tmpl
fails "what is no JSON is named" 1 "no\.json: "
echo '[1, 2]' >list.json
ud render --from list.json names.tmpl
fails "what is no snapshot is named" 1 "list\.json: "
echo '{"containers": [{"Id": "x", "Name": 7}]}' >odd.json
ud render --from odd.json names.tmpl
is "a container that cannot be read is left out" "$status $out" "0 "
says "which is said" "odd\.json: container x: .*left out"
ud snapshot --endpoint "unix://$enginesim_socket" missing/x.json
fails "a snapshot in a missing directory is named" 1 "missing.*No such file"
"$upstreamd_program" render --from emulator.json names.tmpl >/dev/full 2>said.txt
is "output that cannot be written is a failure" "$?" 1
said=$(cat said.txt)
says "and said" "cannot write to standard output: No space left"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	cp "$upstreamd_program" ud-copy
	chmod 0755 ud-copy
	chmod 0711 "$scratch"
	chmod 0600 names.tmpl
	timeout 20 setpriv --reuid=65534 --regid=65534 --clear-groups "$scratch/ud-copy" render \
		--from emulator.json names.tmpl >out.txt 2>said.txt
	status=$? out=$(cat out.txt) said=$(cat said.txt)
	fails "an unreadable template is named" 5 "names\.tmpl: Permission denied"
	chmod 0644 names.tmpl
	timeout 20 setpriv --reuid=65534 --regid=65534 --clear-groups "$scratch/ud-copy" render \
		--from emulator.json names.tmpl >out.txt 2>said.txt
	status=$? out=$(cat out.txt) said=$(cat said.txt)
	fails "an unreadable snapshot is named" 1 "emulator\.json: Permission denied"
else
	skip "unreadable files" "needs root and setpriv"
fi

printf '{{ range until 200000 }}{{ . }}\n{{ end }}' >long.tmpl
"$upstreamd_program" render -e "unix://$enginesim_socket" long.tmpl 2>said.txt | head -n 1 >out.txt
is "a reader that goes away is no error" "$(cat out.txt said.txt)" 0

# --- wrong command lines ----------------------------------------------------------------------------

ud render
fails "a missing TEMPLATE" 2 "render needs a TEMPLATE"
ud redner names.tmpl
fails "a misspelt command" 2 "did you mean render\?"
ud render names.tmpl --form x
fails "a misspelt option" 2 "did you mean --from\?"
ud check --redact
fails "an option of another command" 2 "--redact is an option of snapshot"

# --- wrong engines -------------------------------------------------------------------------------------

ud render --endpoint unix:///nowhere/docker.sock names.tmpl
fails "an engine that is not there is named, with what to do" 4 \
	"unix:///nowhere/docker\.sock: No such file.*is the engine running"
sim fault status status=404 endpoint=ping >/dev/null
sim_ud snapshot
fails "what is no engine is named" 4 "sim\.sock.*ping.*404"
sim unfault >/dev/null
ud snapshot --endpoint carrier-pigeon://x
fails "an endpoint of no known kind" 3 "--endpoint.*carrier-pigeon"
sim fault status status=403 endpoint=list >/dev/null
for command in "render names.tmpl" snapshot; do
	sim_ud $command
	fails "${command%% *}: a list that is refused" 4 "containers/json.*403"
done
sim unfault >/dev/null
sim fault hang endpoint=inspect >/dev/null
for command in "render names.tmpl" snapshot; do
	sim_ud $command --timeout 300ms
	fails "${command%% *}: an engine that does not answer" 4 "no whole answer within 300ms"
done

# interrupted SENTENCE COMMAND ARG…: it waits for the engine; SIGINT ends it.
interrupted() {
	local sentence=$1
	shift
	spawn said.txt env -u X "$upstreamd_program" "$@" --endpoint "unix://$enginesim_socket"
	check "$sentence: it waits" sim wait requests.inspect ge 1
	stop_pid "$spawned" INT 10
	is "$sentence: Ctrl-C ends it" "$stop_status" 130
}
: >said.txt
interrupted render render names.tmpl never.conf
interrupted snapshot snapshot never.json
check_not "no file is left" ls never* .never*
sim unfault >/dev/null
sim fault malformed endpoint=inspect >/dev/null
sim_ud snapshot
fails "an inspect that is no JSON" 4 "cannot be read"
sim unfault >/dev/null

# --- record -----------------------------------------------------------------------------------------------

spawn record.log "$upstreamd_program" record rec --endpoint "unix://$enginesim_socket"
wait_check 10 "record follows the engine" grep -q "first list" record.log
sim run four >/dev/null
wait_check 10 "and its events" grep -q "container=four" record.log
stop_pid "$spawned" INT 10
is "SIGINT ends it well" "$stop_status" 0
ud render --endpoint replay:rec names.tmpl
check "the recording can be rendered" grep -q one out.txt

# --- real engines ---------------------------------------------------------------------------------------

if dockerd_start; then
	web_start one --label upstreamd.host=a.example -e 'ODD=a "b" \ <c> ü=1'
	web_start two
	dock create --name stopped "$web_image" >/dev/null 2>&1
	same_both_ways docker "unix://$dockerd_dir/docker.sock"
	same_both_ways docker "unix://$dockerd_dir/docker.sock" --include-stopped
	check "containers of Docker are worded as it does" raw_inspects docker "$dockerd_dir/docker.sock"
	ud render --endpoint "unix://$dockerd_dir/docker.sock" "$top_srcdir/templates/nginx.tmpl"
	check "the ready template shows a real container" grep -q "a\.example" out.txt
else
	skip "a real engine" "$dockerd_reason"
fi

if ! command -v podman >/dev/null; then
	skip "Podman" "podman is not installed"
elif ! attempt podman_start; then
	skip "Podman" "podman does not run here: $(tail -n 1 <<<"$attempt_output")"
else
	pod_start one
	pod create --network none --name stopped udtest-web /bin/busybox true >/dev/null
	same_both_ways podman "unix://$scratch/p/sock"
	same_both_ways podman "unix://$scratch/p/sock" --include-stopped
fi

tap_done
