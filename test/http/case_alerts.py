# SPDX-License-Identifier: Apache-2.0
"""Alerts as Prometheus and amtool send them, and how they are listed."""
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request

LATENCY = {"labels": {"alertname": "HighLatency", "service": "checkout", "severity": "page"},
           "annotations": {"summary": "p99 above 1 s"}, "generatorURL": "http://prometheus.example/graph"}


def listed(server, name):
    status, alerts = server.json("GET", "/api/v2/alerts")
    assert status == 200
    return [a for a in alerts if a["labels"].get("alertname") == name]


def test_an_alert_is_accepted_with_200_and_an_empty_body(server):
    status, body, _ = server.ask("POST", "/api/v2/alerts", [LATENCY])
    assert (status, body) == (200, b""), (status, body)
    [alert] = listed(server, "HighLatency")
    assert alert["status"]["state"] == "active"
    assert alert["annotations"]["summary"] == "p99 above 1 s"
    assert alert["startsAt"] and alert["endsAt"] and alert["updatedAt"] and alert["receivers"]


def test_prometheus_on_the_same_machine_needs_no_token(server):
    status, _, _ = server.ask("POST", "/api/v2/alerts", [LATENCY], {"Authorization": None})
    assert status == 200, status


def test_valid_alerts_are_kept_when_others_make_it_400(server):
    status, body, _ = server.ask("POST", "/api/v2/alerts", [{"labels": {}}, {"labels": {"alertname": "Kept"}}])
    assert status == 400 and b"label" in body, (status, body)
    assert listed(server, "Kept")


def test_what_is_not_alerts_is_refused_with_a_sentence(server):
    for body in (b"", b"{", b"{}", b"[[]]", b"[" * 1000, b"\xff\xfe"):
        status, text, _ = server.ask("POST", "/api/v2/alerts", body, {"Content-Type": "application/json"})
        assert status == 400 and len(text) > 10, (body[:20], status, text)


def test_a_bad_letter_in_one_alert_loses_none(server):
    for path, body in (("/api/v2/alerts", b'[%s,{"labels":{"alertname":"Beside%d"}}]'),
                       ("/in/alertmanager", b'{"alerts":[%s,{"status":"firing","labels":{"alertname":"Webhook%d"}}]}')):
        for n, bad in enumerate((b"\\u0000", b"\\ud800", b"\xff")):
            one = b'{"status":"firing","labels":{"alertname":"Bad%d"},"annotations":{"summary":"x%s"}}' % (n, bad)
            status, text, _ = server.ask("POST", path, body % (one, n), {"Content-Type": "application/json"})
            assert status == 200, (path, bad, status, text)
            assert listed(server, f"Bad{n}") and listed(server, ("Beside" if "v2" in path else "Webhook") + str(n))


def test_a_body_over_8_mb_is_413_and_says_how_to_send_less(server):
    for path in ("/api/v2/alerts", "/in/alertmanager"):
        status, text, _ = server.ask("POST", path, b" " * (8 * 1024 * 1024 + 1))
        assert status == 413 and b"8 MiB" in text and b"max_alerts" in text, (status, text)


def test_a_resolved_alert_is_no_longer_active(server):
    server.ask("POST", "/api/v2/alerts", [{"labels": {"alertname": "Brief"}}])
    assert listed(server, "Brief")
    server.ask("POST", "/api/v2/alerts", [{"labels": {"alertname": "Brief"}, "endsAt": "2020-01-01T00:00:00Z"}])
    assert not listed(server, "Brief")


def test_acknowledging_is_told_and_kept(server):
    [alert] = listed(server, "HighLatency")
    status, said = server.json("POST", "/api/v1/desk/alert/ack", {"alert": alert["fingerprint"]})
    assert status in (200, 201) and "HighLatency" in said["said"], said
    status, mine = server.json("GET", "/api/v1/alerts")
    assert any(a["fingerprint"] == alert["fingerprint"] and a.get("acked_by") for a in mine["alerts"]), mine


def test_an_alert_that_fires_again_needs_a_person_again(server):
    again = {"labels": {"alertname": "ComesBack"}}

    def state():
        return next(a for a in server.json("GET", "/api/v1/alerts")[1]["alerts"] if a["name"] == "ComesBack")

    def post(**more):
        assert server.ask("POST", "/api/v2/alerts", [again | more])[0] == 200

    post()
    assert state()["needs_person"]
    status, said = server.json("POST", "/api/v1/desk/alert/ack", {"alert": state()["fingerprint"]})
    assert status == 200, said
    post(annotations={"summary": "still there"})
    assert not state()["needs_person"], "a change is no new firing"
    post(endsAt="2020-01-01T00:00:00Z", startsAt="2019-12-31T00:00:00Z")
    post()
    assert state()["needs_person"] and not state().get("acked_by"), state()


def test_a_real_prometheus_raises_an_alert(server):
    if not shutil.which("prometheus"):
        return "no prometheus on this machine"
    top = tempfile.mkdtemp(prefix="aplomb-prometheus-")
    with open(os.path.join(top, "rules.yml"), "w", encoding="ascii") as f:
        f.write("groups:\n- name: g\n  interval: 1s\n  rules:\n  - alert: RealAlert\n    expr: vector(1)\n"
                "    labels: {service: checkout, severity: page}\n    annotations: {summary: from a real Prometheus}\n")
    with open(os.path.join(top, "prometheus.yml"), "w", encoding="ascii") as f:
        f.write("global: {evaluation_interval: 1s}\nrule_files: [rules.yml]\nalerting:\n  alertmanagers:\n"
                f"  - static_configs: [{{targets: ['127.0.0.1:{server.port}']}}]\n")
    p = subprocess.Popen(["prometheus", f"--config.file={top}/prometheus.yml", f"--storage.tsdb.path={top}/data", "--rules.alert.resend-delay=1s",
                          "--web.listen-address=127.0.0.1:0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not listed(server, "RealAlert") and time.monotonic() < deadline:
            assert p.poll() is None, "prometheus ended by itself"
            time.sleep(0.1)  # polling for readiness
        [alert] = listed(server, "RealAlert")
        assert alert["annotations"]["summary"] == "from a real Prometheus"
    finally:
        p.terminate()
        p.wait()
        shutil.rmtree(top, ignore_errors=True)
    return None


def test_health_and_status_answer(server):
    for path in ("/-/healthy", "/-/ready", "/api/v2/status"):
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=5) as r:
            assert r.status == 200, path
