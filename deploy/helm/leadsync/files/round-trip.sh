#!/bin/sh
# `helm test`: is everything ready, and does what happens in Zoho reach the view?
# GATEWAY, PROJECTOR, SCHEDULER: their addresses. SIMULATOR: the simulated Zoho's, if there is one.
# ACTION_TOKEN: what the scheduler takes orders with, and both it and the projector show leads for.
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

# The scheduler's own verdict, which everything else goes by as well.
in_sync() { status | grep -q '"inSync":true'; }

# An order, as the log of the sync names it: it has ended when the status lists it with what came of it.
completed() { status | grep -q "\"outcome\":\"completed\",\"trouble\":null,\"orders\":\[[^]]*$1"; }

with_token() { curl -fsS ${ACTION_TOKEN:+-H "Authorization: Bearer $ACTION_TOKEN"} "$@"; }

events() { with_token "$PROJECTOR/leads/$1/history" | grep -o '"version"' | wc -l; }

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
  order=$(with_token -X POST "$SCHEDULER/catch-up?reason=helm%20test" | sed -n 's/.*"id":"\([^"]*\)".*/\1/p')
  until_true 300 'a catch-up was read from Zoho and applied' completed "$order"
else
  echo 'skipped: without scheduler.console.existingSecret no catch-up can be ordered from here'
fi
