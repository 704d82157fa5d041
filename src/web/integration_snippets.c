/* SPDX-License-Identifier: Apache-2.0 */
/* integration_snippets: what to paste at the sender's end, with the address and the key of this integration. */
#include "web/integrations.h"

const struct field snippet_fields[] = {
	FIELD(snippet, title, "where it goes"),
	FIELD(snippet, text, "what to paste"),
	END,
};

/* @U: our address, @H: host and port of it, @S: http or https, @K: the key, @N: the integration's name, @@: an at sign */
static const struct {
	const char *source, *title, *text;
} known[] = {
	{ "prometheus", "prometheus.yml",
	  "alerting:\n"
	  "  alertmanagers:\n"
	  "    - scheme: @S\n"
	  "      authorization:\n"
	  "        credentials: @K\n"
	  "      static_configs:\n"
	  "        - targets: ['@H']\n" },
	{ "alertmanager", "alertmanager.yml",
	  "receivers:\n"
	  "  - name: aplomb\n"
	  "    webhook_configs:\n"
	  "      - url: @U/in/alertmanager\n"
	  "        max_alerts: 5000\n"
	  "        http_config:\n"
	  "          authorization:\n"
	  "            credentials: @K\n" },
	{ "pagerduty", "alertmanager.yml, in place of PagerDuty",
	  "receivers:\n"
	  "  - name: aplomb\n"
	  "    pagerduty_configs:\n"
	  "      - url: @U/v2/enqueue\n"
	  "        routing_key: @K\n" },
	{ "pagerduty", "A shell",
	  "curl @U/v2/enqueue -H 'Content-Type: application/json' -d '{\n"
	  "  \"routing_key\": \"@K\",\n"
	  "  \"event_action\": \"trigger\",\n"
	  "  \"dedup_key\": \"disk-db1\",\n"
	  "  \"payload\": {\"summary\": \"Disk is full\", \"source\": \"db1\", \"severity\": "
	  "\"critical\"}\n"
	  "}'\n" },
	{ "pagerduty", "Older senders (Events v1)",
	  "Address: @U/generic/2010-04-15/create_event.json\n"
	  "service_key: @K\n" },
	{ "pagerduty_webhook", "The webhook's address in PagerDuty",
	  "@U/in/pagerduty_webhook?token=@K\n" },
	{ "opsgenie", "alertmanager.yml, in place of Opsgenie",
	  "receivers:\n"
	  "  - name: aplomb\n"
	  "    opsgenie_configs:\n"
	  "      - api_url: @U/\n"
	  "        api_key: @K\n" },
	{ "opsgenie", "Other senders and SDKs",
	  "API address: @U\n"
	  "API key: @K\n" },
	{ "opsgenie", "A shell",
	  "curl @U/v2/alerts -H 'Authorization: GenieKey @K' \\\n"
	  "  -H 'Content-Type: application/json' \\\n"
	  "  -d '{\"message\": \"Disk is full\", \"alias\": \"disk-db1\", \"priority\": "
	  "\"P1\"}'\n" },
	{ "grafana", "Alerting > Contact points > Webhook",
	  "URL: @U/in/grafana\n"
	  "Authorization header, scheme: Bearer\n"
	  "Authorization header, credentials: @K\n" },
	{ "cloudevents", "A shell",
	  "curl @U/in/cloudevents -H 'Authorization: Bearer @K' \\\n"
	  "  -H 'Content-Type: application/cloudevents+json' -d '{\n"
	  "  \"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/db1\", \"type\": "
	  "\"disk.full\",\n"
	  "  \"data\": {\"title\": \"Disk is full\", \"severity\": \"critical\"}\n"
	  "}'\n" },
	{ "cloudevents", "CDEvents of a pipeline",
	  "Where it posts them: @U/in/cloudevents?access_token=@K\n"
	  "dev.cdevents.service.deployed, upgraded, rolledback, removed and published, and\n"
	  "dev.cdevents.environment.modified become changes.\n" },
	{ "pagerduty", "Ansible: a deploy as a change",
	  "- community.general.pagerduty_change:\n"
	  "    url: @U/v2/change/enqueue\n"
	  "    integration_key: @K\n"
	  "    summary: \"checkout {{ version }} deployed\"\n"
	  "    repo: https://git.example.com/shop/checkout\n"
	  "    revision: \"{{ version }}\"\n"
	  "    environment: production\n"
	  "    user: \"{{ ansible_user_id }}\"\n" },
	{ "pagerduty", "Jenkins: in a Jenkinsfile",
	  "post {\n"
	  "  success {\n"
	  "    sh '''curl -fsS --retry 3 @U/v2/change/enqueue -H 'Content-Type: "
	  "application/json' -d @@- <<END\n"
	  "{\"routing_key\": \"@K\",\n"
	  " \"payload\": {\"summary\": \"$JOB_BASE_NAME #$BUILD_NUMBER deployed\", \"source\": "
	  "\"Jenkins\",\n"
	  "  \"timestamp\": \"$(date -u +%FT%TZ)\",\n"
	  "  \"custom_details\": {\"service\": \"$JOB_BASE_NAME\", \"version\": \"$BUILD_NUMBER\", "
	  "\"environment\": \"production\"}},\n"
	  " \"links\": [{\"href\": \"$BUILD_URL\"}]}\n"
	  "END\n"
	  "'''\n"
	  "  }\n"
	  "}\n" },
	{ "grafana_annotation", "Argo CD: argocd-notifications-cm",
	  "service.grafana: |\n"
	  "  apiUrl: @U/api\n"
	  "  apiKey: @K\n"
	  "template.aplomb-change: |\n"
	  "  message: \"{{.app.metadata.name}} {{.app.status.sync.revision}} {{.app.status"
	  ".operationState.phase}}\"\n"
	  "  grafana:\n"
	  "    tags: \"deploy|service:{{.app.metadata.name}}|version:{{.app.status.sync.revision}}|"
	  "state:{{.app.status.operationState.phase}}\"\n"
	  "trigger.aplomb-change: |\n"
	  "  - when: app.status.operationState.phase in ['Succeeded', 'Error', 'Failed']\n"
	  "    oncePer: app.status.operationState.finishedAt\n"
	  "    send: [aplomb-change]\n"
	  "subscriptions: |\n"
	  "  - recipients: [\"grafana:argocd\"]\n"
	  "    triggers: [aplomb-change]\n" },
	{ "grafana_annotation", "Flux: a Provider and an Alert",
	  "apiVersion: v1\n"
	  "kind: Secret\n"
	  "metadata: {name: aplomb, namespace: flux-system}\n"
	  "stringData: {token: @K}\n"
	  "---\n"
	  "apiVersion: notification.toolkit.fluxcd.io/v1beta3\n"
	  "kind: Provider\n"
	  "metadata: {name: aplomb, namespace: flux-system}\n"
	  "spec:\n"
	  "  type: grafana\n"
	  "  address: @U/api/annotations\n"
	  "  secretRef: {name: aplomb}\n"
	  "---\n"
	  "apiVersion: notification.toolkit.fluxcd.io/v1beta3\n"
	  "kind: Alert\n"
	  "metadata: {name: aplomb, namespace: flux-system}\n"
	  "spec:\n"
	  "  providerRef: {name: aplomb}\n"
	  "  eventMetadata: {env: production}\n"
	  "  eventSources:\n"
	  "    - {kind: Kustomization, name: '*'}\n"
	  "    - {kind: HelmRelease, name: '*'}\n" },
	{ "grafana_annotation", "A shell",
	  "curl @U/api/annotations -H 'Authorization: Bearer @K' \\\n"
	  "  -H 'Content-Type: application/json' \\\n"
	  "  -d '{\"text\": \"Checkout v812\", \"tags\": [\"deploy\", \"service:checkout\", "
	  "\"version:v812\", \"env:production\"]}'\n" },
	{ "sentry_release", "A pipeline, with sentry-cli",
	  "export SENTRY_URL=@U SENTRY_AUTH_TOKEN=@K SENTRY_ORG=team\n"
	  "# a release that is called SERVICE@@VERSION says which service it is\n"
	  "sentry-cli deploys new --release \"checkout@@$VERSION\" --env production\n" },
	{ "generic", "A shell",
	  "curl @U/in/generic/@N -H 'Authorization: Bearer @K' \\\n"
	  "  -H 'Content-Type: application/json' \\\n"
	  "  -d '{\"title\": \"Disk is full on db1\", \"severity\": \"critical\"}'\n" },
	{ "generic", "A script, with the key in /etc/aplomb.key",
	  "aplomb event send \"Disk is full on db1\" --severity critical --integration @N \\\n"
	  "  --server @U --token-file /etc/aplomb.key\n" },
	{ "generic", "A deploy script, with a token of a person in APLOMB_TOKEN",
	  "key=\"checkout-$VERSION-$(date +%s)\"\n"
	  "aplomb change send \"Checkout $VERSION\" --server @U --key \"$key\" --state running \\\n"
	  "  --service checkout --version \"$VERSION\" --environment production \\\n"
	  "  --undo \"deploy checkout $PREVIOUS\"\n"
	  "if ./deploy; then state=done; else state=failed; fi\n"
	  "aplomb change send \"Checkout $VERSION\" --server @U --key \"$key\" --state $state\n" },
	{ "generic", "Nagios or Icinga: a command",
	  "define command {\n"
	  "  command_name  notify-aplomb\n"
	  "  command_line  /usr/bin/aplomb event send \"$HOSTNAME$: $SERVICEDESC$\" --key "
	  "\"$HOSTNAME$/$SERVICEDESC$\" --severity \"$SERVICESTATE$\" --description "
	  "\"$SERVICEOUTPUT$\" --integration @N --server @U --token-file /etc/aplomb.key\n"
	  "}\n" },
	{ "generic", "Zabbix: a media type of the kind Script",
	  "#!/bin/sh\n"
	  "# parameters: {EVENT.NAME} {TRIGGER.ID}/{HOST.NAME} {EVENT.SEVERITY} {EVENT.VALUE}\n"
	  "state=firing; [ \"$4\" = 0 ] && state=resolved\n"
	  "exec aplomb event send \"$1\" --key \"$2\" --severity \"$3\" --state \"$state\" \\\n"
	  "  --integration @N --server @U --token-file /etc/aplomb.key\n" },
	{ "generic", "monit: in a check",
	  "if failed port 443 then exec \"/usr/bin/aplomb event send 'nginx is down' --key nginx "
	  "--integration @N --server @U --token-file /etc/aplomb.key\"\n"
	  "  else if succeeded then exec \"/usr/bin/aplomb event send 'nginx is down' --key nginx "
	  "--state resolved --integration @N --server @U --token-file /etc/aplomb.key\"\n" },
	{ "github", "Settings > Webhooks > Add webhook, of a repository or an organization",
	  "Payload URL: @U/in/github/@N\n"
	  "Content type: application/json\n"
	  "Secret: @K\n"
	  "Which events: Deployments, Deployment statuses, Releases; Workflow runs where the "
	  "deployment "
	  "is one;\n"
	  "Pushes where a push is the deployment\n" },
	{ "github", "GitHub's command line",
	  "gh api repos/OWNER/REPO/hooks -f name=web -F active=true \\\n"
	  "  -f 'events[]=deployment' -f 'events[]=deployment_status' -f 'events[]=release' \\\n"
	  "  -f 'config[url]=@U/in/github/@N' -f 'config[content_type]=json' \\\n"
	  "  -f 'config[secret]=@K'\n" },
	{ "github", "A shell: a release, signed",
	  "body='{\"action\":\"published\",\"release\":{\"id\":1,\"tag_name\":\"v1.4.2\"},"
	  "\"repository\":"
	  "{\"full_name\":\"acme/shop\"}}'\n"
	  "sign=$(printf %s \"$body\" | openssl dgst -sha256 -hmac @K | sed 's/.* //')\n"
	  "curl @U/in/github/@N -H 'X-GitHub-Event: release' -H \"X-Hub-Signature-256: "
	  "sha256=$sign\" \\\n"
	  "  -H 'Content-Type: application/json' -d \"$body\"\n" },
	{ "gitlab", "Settings > Webhooks > Add new webhook, of a project or a group",
	  "URL: @U/in/gitlab/@N\n"
	  "Secret token: @K\n"
	  "Trigger: Deployment events, Feature flag events, Releases events; Push events where a "
	  "push is the deployment\n" },
	{ "gitlab", "A shell",
	  "curl https://GITLAB/api/v4/projects/ID/hooks -H 'PRIVATE-TOKEN: YOURS' \\\n"
	  "  -d url=@U/in/gitlab/@N -d token=@K -d push_events=false \\\n"
	  "  -d deployment_events=true -d feature_flag_events=true -d releases_events=true\n" },
	{ "bitbucket", "Repository settings > Webhooks > Add webhook",
	  "URL: @U/in/bitbucket/@N\n"
	  "Secret: @K\n"
	  "Triggers: Repository push\n" },
	{ "gitea", "Settings > Webhooks > Add webhook > Gitea (Forgejo, Gogs)",
	  "Target URL: @U/in/gitea/@N\n"
	  "HTTP method: POST\n"
	  "Content type: application/json\n"
	  "Secret: @K\n"
	  "Trigger on: Release; Push where a push is the deployment\n" },
	{ NULL, NULL, NULL },
};

static struct str own_address(struct visit *v)
{
	struct str host = request_header(v->request, "Host");
	if (v->config->public_url) {
		struct str url = str_of(v->config->public_url);
		while (str_ends(url, STR("/")))
			url.len--;
		return url;
	}
	return str_fmt(v->arena, "%s://" STR_FMT, v->request->is_tls ? "https" : "http",
		       STR_ARG(host));
}

static struct str fill(struct visit *v, const char *text, const struct integration *i,
		       struct str key)
{
	struct buf b = BUF(v->arena);
	struct str url = own_address(v), host = url, scheme = { NULL, 0 };
	(void)str_cut(&host, ':', &scheme);
	host = str_sub(host, 2, host.len);
	for (; *text; text++) {
		if (*text != '@') {
			buf_c(&b, *text);
			continue;
		}
		char what = *++text;
		buf_add(&b, what == 'U'	  ? url
			    : what == 'H' ? host
			    : what == 'S' ? scheme
			    : what == 'K' ? key
			    : what == '@' ? STR("@")
					  : i->name);
	}
	return buf_str(&b);
}

void integration_snippets(struct visit *v, const struct integration *i, struct str key,
			  struct snippets *out)
{
	struct str shown = key.len ? key : STR("THE-KEY");
	for (size_t n = 0; known[n].source; n++)
		if (str_is(i->source, known[n].source))
			*LIST_ADD(v->arena,
				  out) = (struct snippet){ str_of(known[n].title),
							   fill(v, known[n].text, i, shown) };
	if (out->len)
		return;
	struct str text = str_fmt(v->arena,
				  "Address: @U/in/" STR_FMT "\n"
				  "Header: Authorization: Bearer @K\n"
				  "Or, where no header can be set: @U/in/" STR_FMT "?token=@K\n",
				  STR_ARG(i->source), STR_ARG(i->source));
	*LIST_ADD(v->arena, out) = (struct snippet){ STR("At the sender"),
						     fill(v, str_z(v->arena, text), i, shown) };
}
