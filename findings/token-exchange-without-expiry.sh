#!/usr/bin/env bash
# RFC 8693 (token exchange) lets a server leave `expires_in` out of its answer. One vendor's clients for it, in four languages, given that answer:
# google-auth 2.63.0 (Python) fails with a TypeError of the standard library, cloud.google.com/go/auth 0.24.4 and golang.org/x/oauth2 0.38.0 (Go)
# refuse it and call it an invalid expiry, google-auth-library 11.3.4 (Node.js) and google-auth-library-oauth2-http 1.57.0 (Java) take it for a
# token that never ends. With `expires_in` all five agree.
set -euo pipefail
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
server=
cd "$work"
npm install --silent --no-fund --no-audit --ignore-scripts --prefix . google-auth-library@11.3.4 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check google-auth==2.63.0 requests==2.32.5
go mod init finding 2>go.log
go get cloud.google.com/go/auth@v0.24.4 golang.org/x/oauth2@v0.38.0 2>>go.log || { cat go.log; exit 1; }
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.google.auth</groupId>
      <artifactId>google-auth-library-oauth2-http</artifactId>
      <version>1.57.0</version>
    </dependency>
  </dependencies>
</project>
XML
mvn --quiet --batch-mode dependency:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 || { cat maven.log; exit 1; }
printf subject >subject
cat >server.py <<'PY'
import http.server, json

class Server(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        answer = {"access_token": "a", "issued_token_type": "urn:ietf:params:oauth:token-type:access_token", "token_type": "Bearer"}
        if self.path == "/with":
            answer["expires_in"] = 3600
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Server)
open("port", "w").write(str(server.server_port))
server.serve_forever()
PY
cat >main.py <<'PY'
import sys
from google.auth.identity_pool import Credentials
from google.auth.transport.requests import Request

credentials = Credentials("a", "urn:ietf:params:oauth:token-type:jwt", token_url=sys.argv[1], credential_source={"file": "subject"})
try:
    credentials.refresh(Request())
    print("Python:", credentials.token, "ends:", credentials.expiry is not None)
except TypeError as error:
    print("Python: TypeError:", error)
PY
cat >main.mjs <<'JS'
import { IdentityPoolClient } from "google-auth-library";
const client = new IdentityPoolClient({
    type: "external_account",
    audience: "a",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: process.argv[2],
    credential_source: { file: "subject" },
});
const { token } = await client.getAccessToken();
console.log("Node.js:", token, "ends:", client.credentials.expiry_date !== undefined);
JS
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"

	"cloud.google.com/go/auth/credentials/externalaccount"
	older "golang.org/x/oauth2/google/externalaccount"
)

const kind = "urn:ietf:params:oauth:token-type:jwt"

func main() {
	ctx := context.Background()
	source, err := older.NewTokenSource(ctx, older.Config{Audience: "a", SubjectTokenType: kind, TokenURL: os.Args[1],
		Scopes: []string{"s"}, CredentialSource: &older.CredentialSource{File: "subject"}})
	if err != nil {
		panic(err)
	}
	if token, err := source.Token(); err != nil {
		fmt.Println("Go, x/oauth2: refused:", err)
	} else {
		fmt.Println("Go, x/oauth2:", token.AccessToken, "ends:", !token.Expiry.IsZero())
	}
	credentials, err := externalaccount.NewCredentials(&externalaccount.Options{Audience: "a", SubjectTokenType: kind, TokenURL: os.Args[1],
		Scopes: []string{"s"}, CredentialSource: &externalaccount.CredentialSource{File: "subject"}})
	if err != nil {
		panic(err)
	}
	if token, err := credentials.Token(ctx); err != nil {
		fmt.Println("Go, go/auth: refused:", err)
	} else {
		fmt.Println("Go, go/auth:", token.Value, "ends:", !token.Expiry.IsZero())
	}
}
GO
cat >Main.java <<'JAVA'
import com.google.api.client.testing.http.MockHttpTransport;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import com.google.auth.oauth2.IdentityPoolCredentialSource;
import com.google.auth.oauth2.IdentityPoolCredentials;
import java.util.HashMap;
import java.util.Map;

class Main {
    // It takes no address without TLS, so the answer comes from the transport that the library itself has for tests.
    public static void main(String[] arguments) throws Exception {
        var expiry = arguments[0].endsWith("/with") ? ",\"expires_in\":3600" : "";
        var answer = "{\"access_token\":\"a\",\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\","
            + "\"token_type\":\"Bearer\"" + expiry + "}";
        var builder = IdentityPoolCredentials.newBuilder();
        builder.setAudience("a").setSubjectTokenType("urn:ietf:params:oauth:token-type:jwt").setTokenUrl("https://example.com/token")
            .setCredentialSource(new IdentityPoolCredentialSource(new HashMap<>(Map.of("file", "subject"))))
            .setHttpTransportFactory(() -> new MockHttpTransport.Builder().setLowLevelHttpResponse(
                new MockLowLevelHttpResponse().setContentType("application/json").setContent(answer)).build());
        var credentials = builder.build();
        credentials.refreshIfExpired();
        var token = credentials.getAccessToken();
        System.out.println("Java: " + token.getTokenValue() + " ends: " + (token.getExpirationTime() != null));
    }
}
JAVA
go mod tidy 2>>go.log || { cat go.log; exit 1; }
python3 server.py &
server=$!
until [ -s port ]; do kill -0 "$server"; done
for answer in with without; do
    echo "$answer expires_in:"
    address=http://127.0.0.1:$(cat port)/$answer
    venv/bin/python main.py "$address"
    go run . "$address"
    node main.mjs "$address"
    java -cp "$(cat classpath)" Main.java "$address"
done | tee seen
diff seen - <<'SEEN'
with expires_in:
Python: a ends: True
Go, x/oauth2: a ends: true
Go, go/auth: a ends: true
Node.js: a ends: true
Java: a ends: true
without expires_in:
Python: TypeError: unsupported type for timedelta seconds component: NoneType
Go, x/oauth2: refused: oauth2/google/externalaccount: got invalid expiry from security token service
Go, go/auth: refused: credentials: got invalid expiry from security token service
Node.js: a ends: false
Java: a ends: false
SEEN
