#!/bin/sh
# `helm test`: is everything ready, and does what happens in Zoho reach the view?
# GATEWAY, PROJECTOR, SCHEDULER: their addresses. SIMULATOR: the simulated Zoho's, if there is one.
# ACTION_TOKEN: what the scheduler takes orders with.
set -eu

# until_true SECONDS WHAT COMMAND...: waits for a command to succeed, and says what it waited for when it does not.
until_true() {
  deadline=$(($(date +%s) + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$(date +%s)" -lt "$deadline" ] || { echo "FAILED: $what" >&2; exit 1; }
    sleep 1
  done
  echo "ok: $what"
}

is_ready() { curl -fsS -o /dev/null "$1/health/ready"; }

status() { curl -fsS "$SCHEDULER/status"; }

# The moment at which the last catch-up began, once it has ended.
last_catch_up() { status | sed -n 's/.*"catchUp":{"id":null,.*"lastStartedAt":\("[^"]*"\).*/\1/p'; }

caught_up_since() { now=$(last_catch_up) && [ -n "$now" ] && [ "$now" != "$1" ]; }

in_sync() { status | grep -q '"phase":"in sync"'; }

events() { curl -fsS "$PROJECTOR/leads/$1/history" | grep -o '"version"' | wc -l; }

has_more_events() { [ "$(events "$1")" -gt "$2" ]; }

for service in "$GATEWAY" "$PROJECTOR" "$SCHEDULER"; do
  until_true 120 "$service is ready" is_ready "$service"
done

forged=$(curl -sS -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' -d '{"token":"forged"}' "$GATEWAY/zoho/notifications")
[ "$forged" = 401 ] || [ "$forged" = 400 ] || { echo "FAILED: a forged notification was answered $forged" >&2; exit 1; }
echo "ok: a forged notification is refused ($forged)"

until_true 600 'the view is in sync' in_sync

if [ -n "${SIMULATOR:-}" ]; then
  lead=$(curl -fsS -H 'Content-Type: application/json' -d '{"count":1}' "$SIMULATOR/control/leads/edit" | grep -o '[0-9]\{15,\}' | head -n 1)
  before=$(events "$lead")
  curl -fsS -o /dev/null -H 'Content-Type: application/json' -d "{\"ids\":[\"$lead\"],\"values\":{\"City\":\"Test $(date +%s)\"}}" "$SIMULATOR/control/leads/edit"
  until_true 60 'a lead that was edited is in the view' has_more_events "$lead" "$before"
elif [ -n "${ACTION_TOKEN:-}" ]; then
  before=$(last_catch_up)
  curl -fsS -o /dev/null -X POST -H "Authorization: Bearer $ACTION_TOKEN" "$SCHEDULER/catch-up"
  until_true 300 'a catch-up was read from Zoho and applied' caught_up_since "$before"
else
  echo 'skipped: without scheduler.console.existingSecret no catch-up can be ordered from here'
fi
