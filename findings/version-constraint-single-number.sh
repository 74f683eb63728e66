#!/usr/bin/env bash
# One `~>`, two meanings inside one program. Terraform 1.11.4 reads versions of modules and `required_version` with hashicorp/go-version
# 1.7.0, and versions of providers with apparentlymart/go-versions 1.0.2. For "~> 1" the first takes 2.0.0 (the only number is the last
# one, and the last may grow), the second does not (as RubyGems). For "~> 1.0.0-beta.2" the first refuses 1.0.0 itself and takes
# 1.0.0-beta.3, the second the other way round. With two or more plain numbers they agree.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
go mod init finding 2>go.log
go get github.com/hashicorp/go-version@v1.7.0 github.com/apparentlymart/go-versions@v1.0.2 2>go.log || { cat go.log; exit 1; }
cat > main.go <<'GO'
package main

import (
	"fmt"

	"github.com/apparentlymart/go-versions/versions"
	goversion "github.com/hashicorp/go-version"
)

func main() {
	for _, pair := range [][2]string{
		{"~> 1", "1.9.0"}, {"~> 1", "2.0.0"}, {"~> 1.2", "1.9.0"}, {"~> 1.2", "2.0.0"},
		{"~> 1.0.0-beta.2", "1.0.0-beta.3"}, {"~> 1.0.0-beta.2", "1.0.0"},
	} {
		constraint, version := pair[0], pair[1]
		modules, err := goversion.NewConstraint(constraint)
		if err != nil {
			panic(err)
		}
		providers, err := versions.MeetingConstraintsStringRuby(constraint)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%-15s %-12s go-version %-5v go-versions %v\n", constraint, version,
			modules.Check(goversion.Must(goversion.NewVersion(version))),
			providers.Has(versions.MustParseVersion(version)))
	}
}
GO
go mod tidy 2>go.log || { cat go.log; exit 1; }
seen=$(
    file=$(go list -mod=mod -m -f '{{.GoMod}}' github.com/hashicorp/terraform@v1.11.4)
    grep -oE '(hashicorp/go-version|apparentlymart/go-versions) v[0-9.]+' "$file" | sort -u
    go run .
)
printf '%s\n' "$seen"
expected='apparentlymart/go-versions v1.0.2
hashicorp/go-version v1.7.0
~> 1            1.9.0        go-version true  go-versions true
~> 1            2.0.0        go-version true  go-versions false
~> 1.2          1.9.0        go-version true  go-versions true
~> 1.2          2.0.0        go-version false go-versions false
~> 1.0.0-beta.2 1.0.0-beta.3 go-version true  go-versions false
~> 1.0.0-beta.2 1.0.0        go-version false go-versions true'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
