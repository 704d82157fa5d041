#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# gate.sh SERVICE CHANGE [rollback]: asks Aplomb whether a change may go out now. Needs curl and nothing else; where the
# program aplomb is at hand, `aplomb freeze check` does the same and also keeps a record while nobody can be asked.
#     ci/gate.sh checkout "deploy v231" && ./deploy v231
# Ends with 0: go; 7: changes are frozen; 4: the token is not known; 2: wrong words.
# APLOMB_SERVER  https://aplomb.example.org
# APLOMB_TOKEN   a token with the scope intake or write
# APLOMB_FAIL_CLOSED=1  refuse when nobody answers; without it the change passes then, with a warning
# APLOMB_PATIENCE=15    seconds to wait for a server that restarts
# APLOMB_WHO, APLOMB_LINK, APLOMB_ENVIRONMENT  who asks, where to see it, where it goes
set -u
if [ $# -lt 2 ] || { [ $# -gt 2 ] && [ "$3" != rollback ]; } || [ -z "${APLOMB_SERVER:-}" ]; then
	echo "usage: APLOMB_SERVER=https://... APLOMB_TOKEN=... gate.sh SERVICE CHANGE [rollback]" >&2
	exit 2
fi
service=$1 what=$2 rollback=${3:+yes}

# The token goes by standard input: a command line is for all to see.
ask() {
	printf 'header = "Authorization: Bearer %s"\n' "${APLOMB_TOKEN:-}" |
		curl -q --silent --max-time 10 --config - --write-out '\n%{http_code}' \
			--data-urlencode "service=$service" --data-urlencode "what=$what" \
			--data-urlencode "who=${APLOMB_WHO:-}" --data-urlencode "link=${APLOMB_LINK:-}" \
			--data-urlencode "environment=${APLOMB_ENVIRONMENT:-}" --data-urlencode "rollback=${rollback:-no}" \
			--data-urlencode "via=gate.sh" "${APLOMB_SERVER%/}/api/v1/gate"
}

# What the answer says, without the JSON around it.
say() {
	text=${1#*\"said\":\"}
	next=
	case $text in *'","next":"'*)
		next=${text#*\",\"next\":\"}
		next=${next%%\",\"incidents\":*}
		;;
	esac
	text=${text%%\",\"next\":\"*}
	printf '%s\n' "${text%%\",\"incidents\":*}"
	[ -z "$next" ] || printf '%s\n' "$next"
}

left=${APLOMB_PATIENCE:-15}
while :; do
	reply=$(ask)
	status=${reply##*
}
	case $reply in
	'{"open":true'*)
		say "$reply"
		exit 0
		;;
	'{"open":false'*)
		say "$reply" >&2
		exit 7
		;;
	esac
	case $status in
	400 | 401 | 403 | 404 | 422)
		echo "gate.sh: the gate answered $status: check APLOMB_SERVER, APLOMB_TOKEN and the words." >&2
		[ -n "$rollback" ] || exit 4
		break
		;;
	esac
	# a rollback is not held up for a record
	{ [ "$left" -gt 0 ] && [ -z "$rollback" ]; } || break
	left=$((left - 1))
	sleep 1
done
if [ -z "$rollback" ] && [ -n "${APLOMB_FAIL_CLOSED:-}" ]; then
	echo "gate.sh: Aplomb could not be asked, and APLOMB_FAIL_CLOSED is set." >&2
	exit 7
fi
echo "gate.sh: Aplomb could not be asked at $APLOMB_SERVER. The change passes; tell whoever leads an incident." >&2
exit 0
