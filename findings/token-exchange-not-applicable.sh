#!/usr/bin/env bash
# RFC 8693 (token exchange) says token_type is "N_A" where what was issued is no access token, such as a refresh token. Three OAuth
# clients take that valid answer in three ways: oauth4webapi 3.8.8 (Node.js) refuses to read it, oauthlib 4.0.1 (Python) reads it and
# fails when the token is used, and Authlib 1.9.10 (Python) raises a KeyError that names the type in small letters.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-fund --no-audit --prefix . oauth4webapi@3.8.8 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check oauthlib==4.0.1 Authlib==1.9.10
cat > main.mjs <<'JS'
import * as oauth from "oauth4webapi";
const server = { issuer: "https://example.com", token_endpoint: "https://example.com/token" };
const answer = { access_token: "a", issued_token_type: "urn:ietf:params:oauth:token-type:refresh_token", token_type: "N_A" };
const response = new Response(JSON.stringify(answer), { headers: { "content-type": "application/json" } });
try {
    console.log(await oauth.processGenericTokenEndpointResponse(server, { client_id: "c" }, response));
} catch (error) {
    console.log("oauth4webapi:", error.name, error.message);
}
JS
cat > main.py <<'PY'
import json
from authlib.oauth2.auth import TokenAuth
from oauthlib.oauth2 import Client

answer = {"access_token": "a", "issued_token_type": "urn:ietf:params:oauth:token-type:refresh_token", "token_type": "N_A"}
client = Client("c")
print("oauthlib reads:", client.parse_request_body_response(json.dumps(answer))["token_type"])
try:
    client.add_token("https://example.com")
except ValueError as error:
    print("oauthlib uses:", error)
try:
    TokenAuth(answer).prepare("https://example.com", {}, "")
except KeyError as error:
    print("Authlib: KeyError", error)
PY
seen=$(node main.mjs; venv/bin/python -W ignore main.py)
printf '%s\n' "$seen"
expected='oauth4webapi: UnsupportedOperationError unsupported `token_type` value
oauthlib reads: N_A
oauthlib uses: Unsupported token type: N_A
Authlib: KeyError '"'n_a'"
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
