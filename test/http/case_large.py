# SPDX-License-Identifier: Apache-2.0
"""Answers that would be longer than a text of ours may be: refused with a sentence, never cut off."""
import json

ALERTS, POSTS = 25, 9  # a post is a little under the 8 MB that the door takes
NOTES = {f"note{n:02}": "x" * 16000 for n in range(20)}


def fill(server):
    for post in range(POSTS):
        alerts = [{"labels": {"alertname": f"Long{post:02}-{n:02}"}, "annotations": NOTES} for n in range(ALERTS)]
        status, text, _ = server.ask("POST", "/api/v2/alerts", alerts)
        assert status == 200, (status, text[:200])


def test_an_answer_is_whole_or_refused(server):
    fill(server)
    status, alerts = server.json("GET", "/api/v2/alerts")  # readers of this API know no pages
    assert status == 200 and len(alerts) == ALERTS * POSTS, (status, len(alerts))
    status, groups = server.json("GET", "/api/v2/alerts/groups")
    assert status == 200 and sum(len(g["alerts"]) for g in groups) == ALERTS * POSTS, status
    status, text, _ = server.ask("GET", "/api/v1/alerts?limit=1000")
    said = json.loads(text)
    assert status == 413 and "filter" in json.dumps(said), (status, said)


def test_less_is_answered(server):
    status, alerts = server.json("GET", "/api/v2/alerts?filter=alertname%3D%22Long03-07%22")
    assert status == 200 and [a["annotations"] for a in alerts] == [NOTES], status
    status, page = server.json("GET", "/api/v1/alerts?limit=100")
    assert status == 200 and len(page["alerts"]) == 100 and page["next"], status
    status, text, _ = server.ask("GET", "/alerts", headers={"Accept": "text/html"})
    assert status == 200 and text.rstrip().endswith(b"</html>"), (status, text[-100:])
