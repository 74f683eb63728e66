#!/usr/bin/env bash
# signalfx-go 1.66.0, Splunk Observability's own Go client (the vendor's Terraform provider is built on it), escapes the name of an
# organization token twice: "ci deploy" is asked for as ci%2520deploy, in paths and in searches alike, which a server reads as the name
# ci%20deploy. A token is created under its real name and then not found by it. Names without blanks are not affected.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
go mod init finding 2>go.log
go get github.com/signalfx/signalfx-go@v1.66.0 2>go.log || { cat go.log; exit 1; }
cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	signalfx "github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/orgtoken"
)

func main() {
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		fmt.Println(request.Method, request.RequestURI, "| the server reads", request.URL.Path, request.URL.Query().Get("name"), string(body))
		if request.Method == "DELETE" {
			answer.WriteHeader(204)
			return
		}
		answer.Header().Set("Content-Type", "application/json")
		fmt.Fprint(answer, `{"results":[],"count":0}`)
	}))
	client, err := signalfx.NewClient("token", signalfx.APIUrl(server.URL))
	if err != nil {
		panic(err)
	}
	context := context.Background()
	client.CreateOrgToken(context, &orgtoken.CreateUpdateTokenRequest{Name: "ci deploy"})
	client.GetOrgToken(context, "ci deploy")
	client.SearchOrgTokens(context, 10, "ci deploy", 0)
	client.DeleteOrgToken(context, "ci deploy")
	client.GetOrgToken(context, "ci-deploy")
}
GO
go mod tidy 2>go.log || { cat go.log; exit 1; }
seen=$(go run . | sed 's/ *$//')
printf '%s\n' "$seen"
expected='POST /v2/token | the server reads /v2/token  {"name":"ci deploy"}
GET /v2/token/ci%2520deploy | the server reads /v2/token/ci%20deploy
GET /v2/token?limit=10&name=ci%2520deploy&offset=0 | the server reads /v2/token ci%20deploy
DELETE /v2/token/ci%2520deploy | the server reads /v2/token/ci%20deploy
GET /v2/token/ci-deploy | the server reads /v2/token/ci-deploy'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
