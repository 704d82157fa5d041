# SPDX-License-Identifier: Apache-2.0
"""packaging/gate: the shell script really asks, and what the pipelines' files run is taken out of them and run with what
those pipelines would set. Their YAML is parsed; GitHub, GitLab, Jenkins and Argo CD themselves are not here."""
import os
import re
import shutil
import subprocess

from case_gate import do, freeze, timeline
from server import TOP, Server  # noqa: F401 -- run.py takes it

GATE = os.path.join(TOP, "packaging", "gate")
SH = shutil.which("dash") or "/bin/sh"


def shell(server, script, *words, folder=None, **env):
    names = {"PATH": os.environ["PATH"], "APLOMB_SERVER": f"http://127.0.0.1:{server.port}", "APLOMB_TOKEN": server.token,
             "APLOMB_PATIENCE": "1"} | env
    return subprocess.run([SH, "-e", "-c", script, "sh", *words], env=names, cwd=folder or GATE, capture_output=True, text=True,
                          timeout=60, check=False)


def gate(server, *words, **env):
    return shell(server, './gate.sh "$@"', *words, **env)


def workplace(server):
    """A repository as the snippets want it: ci/gate.sh and a deploy that leaves a trace."""
    folder = os.path.join(server.top, "repository")
    os.makedirs(os.path.join(folder, "ci"), exist_ok=True)
    shutil.copy(os.path.join(GATE, "gate.sh"), os.path.join(folder, "ci"))
    with open(os.path.join(folder, "deploy"), "w", encoding="ascii") as f:
        f.write("#!/bin/sh\necho deployed\n")
    os.chmod(os.path.join(folder, "deploy"), 0o755)
    return folder


def read(name):
    with open(os.path.join(GATE, name), encoding="utf-8") as f:
        return f.read()


def parsed(name):
    try:
        import yaml
    except ImportError:
        return None
    return yaml.safe_load(read(name))


def test_the_shell_asks(server):
    incident = freeze(server, "sh-one")
    done = gate(server, "sh-one", "deploy v231", APLOMB_WHO="octocat", APLOMB_ENVIRONMENT="production")
    assert done.returncode == 7 and "Changes to sh-one are frozen until" in done.stderr and not done.stdout, done
    assert "Wait until the freeze is lifted" in done.stderr and '","' not in done.stderr, done
    assert any("octocat was refused at the gate: deploy v231 on sh-one in production" in s for s in timeline(server, incident))
    done = gate(server, "sh-free", "deploy v231")
    assert done.returncode == 0 and done.stdout == "Nothing is frozen for sh-free.\n", done
    done = gate(server, "sh-one", "back to v230", "rollback")
    assert done.returncode == 0 and "A rollback always passes" in done.stdout, done
    do(server, incident, "freeze/bypass", {"what": "deploy v231", "services": ["sh-one"], "reason": "the law"})
    assert gate(server, "sh-one", "deploy v231").returncode == 0


def test_hostile_words_open_nothing(server):
    freeze(server, "sh-two", reason='","open":true,"said":"x')
    for what in ('{"open":true', '"; echo pwned; "', "$(echo pwned)", "`echo pwned`", "a\nb", '","next":"run this'):
        done = gate(server, "sh-two", what)
        assert done.returncode == 7 and "\npwned" not in done.stdout + done.stderr, (what, done)
    for words in ((), ("x",), ("x", "y", "z")):
        assert gate(server, *words).returncode == 2


def test_the_token_is_on_no_command_line(server):
    assert "config -" in read("gate.sh") and not re.search(r"-H|--header", read("gate.sh"))
    done = gate(server, "sh-free", "x", APLOMB_TOKEN="apl_wrong")
    assert done.returncode == 4 and "apl_wrong" not in done.stderr, done
    assert gate(server, "sh-free", "x", "rollback", APLOMB_TOKEN="apl_wrong").returncode == 0


def test_nobody_answers(server):
    nobody = {"APLOMB_SERVER": "http://127.0.0.1:9"}
    done = gate(server, "x", "y", **nobody)
    assert done.returncode == 0 and "could not be asked" in done.stderr, done
    assert gate(server, "x", "y", APLOMB_FAIL_CLOSED="1", **nobody).returncode == 7
    assert gate(server, "x", "y", "rollback", APLOMB_FAIL_CLOSED="1", **nobody).returncode == 0


def run_all(server, scripts, folder, env):
    return shell(server, "\n".join(scripts), folder=folder, **env)


def holds(server, scripts, env, service):
    """The file's own words: refused while frozen, passing as a rollback, deploying afterwards."""
    folder, incident = workplace(server), freeze(server, service)
    done = run_all(server, scripts, folder, env)
    assert done.returncode == 7 and "deployed" not in done.stdout, done
    done = run_all(server, scripts, folder, env | {"ROLLBACK": env.get("YES", "true")})
    assert done.returncode == 0 and "deployed" in done.stdout, done
    do(server, incident, "freeze/lift", {"reason": "known"})
    done = run_all(server, scripts, folder, env)
    assert done.returncode == 0 and "deployed" in done.stdout, done
    return timeline(server, incident)


def test_github_actions(server):
    y = parsed("github-actions.yml")
    if y is None:
        return "python3-yaml is not installed"
    steps = y["jobs"]["deploy"]["steps"]
    assert steps[1]["env"]["APLOMB_TOKEN"] == "${{ secrets.APLOMB_TOKEN }}" and "${{" not in steps[1]["run"]
    told = holds(server, [s["run"] for s in steps[1:]], {
        "GITHUB_REPOSITORY": "acme/actions", "GITHUB_REF_NAME": "v231", "GITHUB_SHA": "1a2b3c4d5e6f", "APLOMB_WHO": "octocat",
        "ROLLBACK": "false", "APLOMB_ENVIRONMENT": "production"}, "actions")
    assert any("octocat was refused at the gate: deploy v231 (1a2b3c4) on actions in production" in s for s in told), told


def test_gitlab_ci(server):
    y = parsed("gitlab-ci.yml")
    if y is None:
        return "python3-yaml is not installed"
    told = holds(server, y["deploy"]["script"], {
        "CI_PROJECT_NAME": "lab", "CI_COMMIT_REF_NAME": "main", "CI_COMMIT_SHORT_SHA": "1a2b3c4d", "GITLAB_USER_LOGIN": "ana",
        "ROLLBACK": "", "CI_JOB_URL": "https://gitlab.example/acme/lab/-/jobs/1"}, "lab")
    assert any("ana was refused at the gate: deploy main (1a2b3c4d) on lab in production" in s for s in told), told


def test_jenkins(server):
    text = read("Jenkinsfile")
    code = re.sub(r"'''.*?'''|'[^']*'|//[^\n]*", "", text, flags=re.S)
    assert code.count("{") == code.count("}") and code.count("(") == code.count(")") and "'" not in code
    scripts = re.findall(r"sh '''(.*?)'''", text, re.S) + re.findall(r"sh '([^'\n]+)'", text)
    assert len(scripts) == 2, scripts
    told = holds(server, scripts, {"JOB_BASE_NAME": "jenkins", "GIT_BRANCH": "main", "BUILD_NUMBER": "7", "BUILD_USER_ID": "ana",
                                   "ROLLBACK": "false", "APLOMB_ENVIRONMENT": "production"}, "jenkins")
    assert any("ana was refused at the gate: deploy main (build 7) on jenkins in production" in s for s in told), told


def test_argo_cd(server):
    y = parsed("argocd-presync.yaml")
    if y is None:
        return "python3-yaml is not installed"
    pod = y["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert y["metadata"]["annotations"]["argocd.argoproj.io/hook"] == "PreSync" and pod["restartPolicy"] == "Never"
    assert container["command"] == ["sh", "-c"] and len(container["args"]) == 1
    env = {e["name"]: e["value"] for e in container["env"] if "value" in e}
    assert {e["name"] for e in container["env"] if "valueFrom" in e} == {"APLOMB_SERVER", "APLOMB_TOKEN"}
    told = holds(server, [container["args"][0].replace("exec ", ""), "./deploy"],
                 env | {"GATE_DIR": GATE, "SERVICE": "argo", "CHANGE": "sync of argo"}, "argo")
    assert any("Argo CD was refused at the gate: sync of argo on argo in production" in s for s in told), told
