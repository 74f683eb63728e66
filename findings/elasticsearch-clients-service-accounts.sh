#!/usr/bin/env bash
# Elasticsearch's own clients, elasticsearch 9.5.1 (Python) and @elastic/elasticsearch 9.4.3 (Node.js), asked for the same things about
# service accounts: a look-up by `service` without `namespace` drops the service and asks for every account there is; the list of names
# to clear from the cache goes out as a,b from Python and as a%2Cb from Node.js; and Node.js names a JSON content type on a GET and a
# DELETE without a body, where Python names none.
set -euo pipefail
work=$(mktemp -d)
server=
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check elasticsearch==9.5.1
npm install --silent --no-fund --no-audit --prefix . @elastic/elasticsearch@9.4.3 >/dev/null
cat > server.py <<'PY'
import http.server

class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with open("seen", "a") as seen:
            print(self.command, self.path, "|", self.headers.get("Content-Type"), file=seen)
        self.send_response(200)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = do_DELETE = answer

    def log_message(self, *_):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
with open("port", "w") as port:
    port.write(f"http://127.0.0.1:{server.server_port}\n")
server.serve_forever()
PY
python3 server.py &
server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
cat > main.py <<'PY'
from elasticsearch import Elasticsearch

security = Elasticsearch(open("port").read().strip(), api_key="key").security
security.get_service_accounts(service="kibana")
security.clear_cached_service_tokens(namespace="elastic", service="kibana", name=["a", "b"])
security.delete_service_token(namespace="elastic", service="kibana", name="a")
PY
cat > main.mjs <<'JS'
import { Client } from "@elastic/elasticsearch";
import fs from "fs";
const { security } = new Client({ node: fs.readFileSync("port", "utf8").trim(), auth: { apiKey: "key" } });
await security.getServiceAccounts({ service: "kibana" });
await security.clearCachedServiceTokens({ namespace: "elastic", service: "kibana", name: ["a", "b"] });
await security.deleteServiceToken({ namespace: "elastic", service: "kibana", name: "a" });
JS
venv/bin/python -W ignore main.py
node main.mjs
seen=$(cat seen)
printf '%s\n' "$seen"
expected='GET /_security/service | None
POST /_security/service/elastic/kibana/credential/token/a,b/_clear_cache | None
DELETE /_security/service/elastic/kibana/credential/token/a | None
GET /_security/service | application/vnd.elasticsearch+json; compatible-with=9
POST /_security/service/elastic/kibana/credential/token/a%2Cb/_clear_cache | application/vnd.elasticsearch+json; compatible-with=9
DELETE /_security/service/elastic/kibana/credential/token/a | application/vnd.elasticsearch+json; compatible-with=9'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
