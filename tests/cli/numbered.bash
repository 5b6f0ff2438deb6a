# Loaded by the tests of --db, behind common: logs whose lines are numbered, and what was counted of
# them.

# line SERIAL [CODE]: a line of a log, at 03:00 and SERIAL seconds
line() {
	printf '2026-11-22 03:%02d:%02d req=%d {"code":%d,"x":"%040d"}\n' $(($1 / 60 % 60)) $(($1 % 60)) \
		"$1" "${2:-9018}" "$1"
}

# lines FROM TO [CODE]
lines() {
	for ((i = $1; i <= $2; i++)); do line "$i" "${3:-9018}"; done
}

# responses: as the report in ./out has them
responses() {
	python3 -c 'import json; print(json.load(open("out"))["hits"]["responses"])'
}

# news COUNT [OPTION]...: a run finds so many new responses
news() {
	local count=$1
	shift
	go -d a.db -r json "$@" api.log
	same "$(responses)" "$count"
}

# total COUNT: so many responses are in the database
total() {
	go -d a.db -r json
	exits 0
	same "$(responses)" "$1"
}
