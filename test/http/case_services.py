# SPDX-License-Identifier: Apache-2.0
"""The service catalogue: set, applied from a file, compared with it, and how each service stands."""
import urllib.parse

HOSTILE = "<script>alert(1)</script>"


def check(holds, why="it does not hold"):
    if not holds:
        raise AssertionError(why)


def equal(got, want):
    check(got == want, f"{got!r} is not {want!r}")


def fire(s, name, **labels):
    alert = {"labels": {"alertname": name, **labels}, "annotations": {"summary": f"{name} says so"}}
    equal(s.ask("POST", "/api/v2/alerts", [alert])[0], 200)


def service(s, name, want=200):
    status, got = s.json("GET", "/api/v1/services/" + urllib.parse.quote(name, safe=""))
    equal(status, want)
    return got


def put(s, **words):
    status, got = s.json("POST", "/api/v1/desk/service/set", words)
    equal((status, got.get("detail")), (200, None))
    return got["said"]


def test_the_api_tells_how_services_stand(s):
    put(s, name="checkout", owner="web", tier="tier1", depends=["payments"], links=["Board https://x.example/1"])
    put(s, name="payments", alerts=["QueueIsLong"])
    put(s, name="shop/cart", about="one\ntwo")
    fire(s, "Slow", service="checkout")
    fire(s, "QueueIsLong")
    fire(s, "Other", service="nobody-knows")
    equal(s.json("POST", "/api/v1/incidents", {"title": "Ledger is wrong", "severity": "sev2",
                                               "services": ["payments", "ledger"]})[0], 201)
    got = service(s, "checkout")
    equal((got["state"], got["firing"], got["owner"], got["tier"]), ("firing", 1, "web", "tier1"))
    got = service(s, "payments")
    equal((got["state"], got["firing"], got["incidents"], got["used_by"]), ("incident", 1, ["1"], ["checkout"]))
    equal(service(s, "shop/cart")["about"], "one\ntwo")
    service(s, "Checkout", 404)
    status, everything = s.json("GET", "/api/v1/services")
    equal([x["name"] for x in everything["services"]], ["checkout", "payments", "shop/cart"])
    equal(sorted(x["name"] for x in everything["unowned"]), ["ledger", "nobody-knows"])
    equal(s.json("POST", "/api/v1/incidents/1/freeze/start", {"reason": "look first", "services": ["shop/cart"]})[0], 201)
    equal(service(s, "shop/cart")["state"], "frozen")


def test_a_restart_knows_the_catalogue(s):
    before = s.json("GET", "/api/v1/services")[1]["services"]
    s.kill()
    s.start()
    now = s.json("GET", "/api/v1/services")[1]["services"]
    equal([(x["name"], x.get("owner"), x.get("depends")) for x in now],
          [(x["name"], x.get("owner"), x.get("depends")) for x in before])


def test_what_is_wrong_is_refused_with_a_sentence(s):
    for words in ({"name": "a,b"}, {"name": "x", "links": ["no address"]}, {"name": "x", "runbook": "javascript:alert(1)"},
                  {"name": "x", "tier": "tier9"}, {"name": "x", "depends": ["-y"]}, {"name": "a/../b"}):
        status, got = s.json("POST", "/api/v1/desk/service/set", words)
        equal((status, bool(got["detail"])), (422, True))
