# SPDX-License-Identifier: Apache-2.0
"""The service catalogue: set, applied from a file, compared with it, and how each service stands."""
import os
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


FILE = """# ours
services:
  - name: api
    owner: web-team
    tier: 1
    depends: [store]
    about: |
      The door.
      All come in here.
  - {name: store, owner: data-team, alerts: [DiskFull]}
"""


def write(s, text, name="services.yaml"):
    path = os.path.join(s.top, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def run(s, code, *words, **options):
    r = s.run("service", *words, **options)
    equal((r.returncode, r.stdout, r.stderr) if r.returncode != code else code, code)
    return r.stdout + r.stderr


def events(s):
    return s.json("POST", "/api/v1/desk/service/set", {"name": "checkout"})[1]["seq"]  # it changes nothing


def test_a_file_is_shown_then_applied_and_costs_nothing_again(s):
    path, before = write(s, FILE), events(s)
    said = run(s, 0, "apply", "-f", path, "--dry-run")
    check("+ api\n    owner web-team\n    tier tier1\n" in said, said)
    equal(events(s), before)
    service(s, "api", 404)
    said = run(s, 0, "apply", "-f", path, "--revision", "abc1")
    check("root applied services.yaml (abc1): 2 added (api, store)." in said, said)
    equal((service(s, "api")["origin"], service(s, "api")["about"]), ("file", "The door.\nAll come in here."))
    check("Nothing to change" in run(s, 0, "apply", "-f", "-", input=FILE, stdin=None))
    equal(events(s), before + 1)
    equal(s.json("POST", "/api/v1/desk/service/apply", {"file": "services.yaml", "services": [
        {"name": "store", "owner": "data-team", "alerts": ["DiskFull"]},
        {"name": "api", "owner": "web-team", "tier": "tier1", "depends": ["store"],
         "about": "The door.\nAll come in here."}]})[0], 200)
    equal(events(s), before + 1)


def test_drift_is_seen_from_both_sides(s):
    path = write(s, FILE)
    check("No difference" in run(s, 0, "diff", "-f", path))
    put(s, name="api", owner="core-team")
    equal(service(s, "api")["drift"], ["owner: web-team in services.yaml, core-team here"])
    check("owner core-team -> web-team" in run(s, 1, "diff", "-f", path))
    said = run(s, 0, "apply", "-f", path)
    check("changed here since a file was applied" in said and "1 changed (api)" in said, said)
    check("drift" not in service(s, "api"))


def test_what_left_the_file_stays_until_it_is_pruned(s):
    path = write(s, FILE.split("  - {")[0])
    check("--prune removes it" in run(s, 0, "apply", "-f", path))
    equal(service(s, "store")["is_gone"], True)
    check("- store" in run(s, 1, "diff", "-f", path))
    check("1 removed (store)" in run(s, 0, "apply", "-f", path, "--prune"))
    service(s, "store", 404)
    equal(service(s, "checkout")["owner"], "web")  # no file named it
    empty = write(s, "services: []\n")
    check("Say -y" in run(s, 2, "apply", "-f", empty, "--prune"))
    service(s, "api")
    check("1 no longer in it (api)" in run(s, 0, "apply", "-f", empty))
    check("1 removed (api)" in run(s, 0, "apply", "-f", empty, "--prune", "-y"))
    run(s, 0, "apply", "-f", path)


def test_what_hides_in_a_text_is_no_difference(s):
    path = write(s, 'services:\n  - {name: api, owner: "web\\u202Eteam", depends: ["sto\\u2066re"], about: "a "}\n', "odd.yaml")
    run(s, 0, "apply", "-f", path)
    equal((service(s, "api")["owner"], service(s, "api")["depends"]), ("webteam", ["store"]))
    check("Nothing to change" in run(s, 0, "apply", "-f", path))
    run(s, 0, "apply", "-f", write(s, FILE.split("  - {")[0]))


def test_a_file_that_is_wrong_says_where(s):
    for text, part in (("services:\n  - name: a\n    dependsOn: [b]\n", ":3: There is no \"dependsOn\"; did you mean \"depends\"?"),
                       ("services:\n  - name: a\n    tier: 7\n", ":3: tier must be one of"),
                       ("services:\n  - name: a\n  - name: a\n", ":3: The service a is there twice; the first time in line 2"),
                       ("services:\n  - name: a\n    links: [nowhere]\n", ":2: A link is a title and a web address"),
                       ("services:\n  - name: a\n    depends: [b\n", "This is not YAML"),
                       ("service:\n  - name: a\n", ":1: There is no \"service\" here"),
                       ("", "no list of services"), ("services:\n  - owner: a\n", ":2: name is missing")):
        said = run(s, 2, "apply", "-f", write(s, text))
        check(part in said, f"{said!r} does not say {part!r}")
    check("Say which file" in run(s, 2, "apply"))
    check("cannot read" in run(s, 2, "diff", "-f", "/nowhere"))
    check("Case counts" in run(s, 3, "view", "Checkout"))


def test_the_list_and_one_on_the_terminal(s):
    rows = [line.split("\t") for line in run(s, 0, "list").splitlines()]
    equal([r[0] for r in rows], ["api", "checkout", "payments", "shop/cart"])
    said = run(s, 0, "view", "checkout")
    check("Owner        web\n" in said and "Calls        payments\n" in said, said)
    check("removed the service shop/cart" in run(s, 0, "remove", "shop/cart"))
    service(s, "shop/cart", 404)


def page(s, path, want=200):
    status, body, _ = s.ask("GET", path, headers={"Accept": "text/html"})
    equal(status, want)
    return body.decode()


def test_pages_show_states_and_ask_for_owners(s):
    put(s, name=HOSTILE, depends=["checkout", "<b>nowhere</b>"])
    fire(s, "Odd", service='"><img src=x>')
    text = page(s, "/services")
    check("<script>alert" not in text and "<b>nowhere" not in text and "<img" not in text, "it is not escaped")
    check("&lt;script&gt;alert(1)&lt;/script&gt;" in text and "not in the catalogue" in text, text[-2000:])
    check('href="/desk/do/service/set?name=nobody-knows&amp;_back=%2Fservices"' in text, text)
    check("INC-1 open, 1 firing" in text, text)
    check("<svg" in text and "1 firing" in text.split("<svg")[1].split("</svg>")[0], text)
    page(s, "/services/" + urllib.parse.quote(HOSTILE, safe=""))
    text = page(s, "/services/nobody-knows")
    check("Nobody owns it yet" in text and "Own it" in text, text)
    page(s, "/services/never-heard-of", 404)
    text = page(s, "/services/payments")
    check("QueueIsLong" in text and "INC-1 Ledger is wrong" in text and "checkout" in text, text)


def test_a_change_of_an_unknown_service_asks_for_an_owner(s):
    equal(s.json("POST", "/api/v1/changes", {"title": "thumbs v3", "service": "thumbnailer"})[0], 201)
    check("thumbnailer" in [x["name"] for x in s.json("GET", "/api/v1/services")[1]["unowned"]])
    check("a change names it" in page(s, "/services/thumbnailer"))
    put(s, name="thumbnailer", owner="media")
    check("thumbnailer" not in [x["name"] for x in s.json("GET", "/api/v1/services")[1]["unowned"]])
    equal(service(s, "thumbnailer")["is_changed"], True)


def test_the_form_starts_with_what_holds_and_empties_what_is_emptied(s):
    put(s, name="checkout", about="Sells.")
    text = page(s, "/desk/do/service/set?name=checkout")
    check('name="name" value="checkout"' in text and 'type="hidden" name="whole" value="yes"' in text, text)
    check('value="payments"' in text and "Sells." in text and ">-<" not in text, text)
    form = urllib.parse.urlencode({"name": "checkout", "whole": "yes", "owner": "core", "depends": "", "about": ""})
    status, _, headers = s.ask("POST", "/desk/do/service/set", form, {"Content-Type": "application/x-www-form-urlencoded"})
    equal((status, headers["Location"]), (303, "/services"))
    got = service(s, "checkout")
    equal((got["owner"], got.get("depends"), got.get("about"), got.get("tier")), ("core", None, None, None))


def test_an_alert_without_service_finds_its_own(s):
    alerts = s.json("GET", "/api/v1/alerts")[1]["alerts"]
    mark = next(a["fingerprint"] for a in alerts if a["name"] == "QueueIsLong")
    check('<a href="/services/payments"><strong>payments</strong></a>' in page(s, "/alerts/" + mark))
    check('name="services"' in page(s, "/declare?alerts=" + mark))
    check('value="payments"' in page(s, "/declare?alerts=" + mark).split('name="services"')[1].split(">")[0])


def test_what_is_redacted_is_nowhere(s):
    put(s, name="secret-name", owner="hunter2")
    rows = s.json("GET", "/api/v1/services")[1]["services"]
    check(any(x.get("owner") == "hunter2" for x in rows))
    pos = s.json("POST", "/api/v1/desk/service/set", {"name": "checkout"})[1]["pos"]
    equal(s.json("POST", "/api/v1/desk/body/redact", {"target": str(pos), "reason": "a password"})[0], 200)
    check("hunter2" not in page(s, "/services") and "secret-name" not in page(s, "/services"))
