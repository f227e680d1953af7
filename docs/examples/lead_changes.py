"""Follows the changes of leads. A program that remembers its last position misses none.

    python3 lead_changes.py "host=localhost dbname=leadsync user=leadsync_reader" 0

Prints each change after the position as a line of JSON. Needs psycopg 3 (pip install psycopg, or Debian's python3-psycopg).
"""
import json
import select
import sys

import psycopg

AT_ONCE = 500


def changes_after(connection, position):
    return connection.execute(
        """
        select position, id, kind, modified_time, changed from legacy.lead_changes
        where position > %s order by position limit %s
        """,
        (position, AT_ONCE),
    ).fetchall()


def has_missed(connection, position):
    return connection.execute("select legacy.missed_changes(%s)", (position,)).fetchone()[0]


def follow(conninfo, position):
    with psycopg.connect(conninfo, autocommit=True) as connection:
        told = []
        connection.add_notify_handler(told.append)
        # Listen before reading, so that no change is missed: a change that commits in between is read and also announced.
        connection.execute("listen leadsync_leads")
        is_behind = True
        while True:
            told.clear()
            rows = changes_after(connection, position)
            # Only after reading: changes may go at any moment.
            if is_behind and has_missed(connection, position):
                sys.exit(f"Changes after {position} are gone: begin again with the present view.")
            is_behind = len(rows) == AT_ONCE
            for row in rows:
                yield row
                position = row[0]
            # A change that was announced during this read is not announced again.
            if not is_behind and not told:
                # Reads every ten seconds even without an announcement, in case the connection is dead: then this raises, and you start again.
                select.select([connection.fileno()], [], [], 10)


if __name__ == "__main__":
    for position, id, kind, modified_time, changed in follow(sys.argv[1], int(sys.argv[2])):
        print(json.dumps({"position": position, "id": id, "kind": kind, "modified_time": modified_time.isoformat(), "changed": changed}), flush=True)
