#!/usr/bin/env bash
# hcl4j 0.9.8 (Java) evaluates expressions of HCL from left to right, without a precedence of operators: 1 + 2 * 3 is 9, `true || true && false`
# is false, and 2 == 1 + 1 is the number 1. The index of a list or an object written in place is the value: ["x", "y"][1] is [1], { a = 1 }["a"] is
# ["a"]. Every number is floating-point, so "n-${1 + 2}" is "n-3.0", and a function that it does not know, such as length, is null without
# an error. hashicorp/hcl 2.24.0 (Go), which Terraform reads with, beside it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.bertramlabs.plugins</groupId>
      <artifactId>hcl4j</artifactId>
      <version>0.9.8</version>
    </dependency>
  </dependencies>
</project>
XML
mvn --quiet --batch-mode dependency:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 || { cat maven.log; exit 1; }
go mod init finding 2>go.log
go get github.com/hashicorp/hcl/v2@v2.24.0 github.com/zclconf/go-cty@v1.18.1 2>>go.log || { cat go.log; exit 1; }
cat >main.hcl <<'HCL'
product  = 1 + 2 * 3
logic    = true || true && false
compared = 2 == 1 + 1
template = "n-${1 + 2}"
list     = ["x", "y"][1]
object   = { a = 1 }["a"]
length   = length("abc")
upper    = upper("abc")
HCL
cat >Main.java <<'JAVA'
import com.bertramlabs.plugins.hcl4j.HCLParser;
import java.nio.file.Files;
import java.nio.file.Path;

class Main {
    public static void main(String[] arguments) throws Exception {
        for (var line : Files.readAllLines(Path.of("main.hcl"))) {
            var name = line.split(" ")[0];
            System.out.println(line + "  # in hcl4j: " + new HCLParser().parse(line + "\n").get(name));
        }
    }
}
JAVA
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"github.com/zclconf/go-cty/cty/json"
)

func main() {
	text, err := os.ReadFile("main.hcl")
	if err != nil {
		panic(err)
	}
	context := &hcl.EvalContext{Functions: map[string]function.Function{"length": stdlib.StrlenFunc, "upper": stdlib.UpperFunc}}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		_, value, _ := strings.Cut(line, "= ")
		expression, problems := hclsyntax.ParseExpression([]byte(value), "main.hcl", hcl.InitialPos)
		if problems.HasErrors() {
			panic(problems)
		}
		result, problems := expression.Value(context)
		if problems.HasErrors() {
			panic(problems)
		}
		out, err := json.Marshal(result, result.Type())
		if err != nil {
			panic(err)
		}
		fmt.Println(line, " # in hashicorp/hcl:", string(out))
	}
}
GO
go mod tidy 2>>go.log || { cat go.log; exit 1; }
{
    java -cp "$(cat classpath)" Main.java 2>java.log
    go run .
} | tee seen
diff seen - <<'SEEN'
product  = 1 + 2 * 3  # in hcl4j: 9.0
logic    = true || true && false  # in hcl4j: false
compared = 2 == 1 + 1  # in hcl4j: 1.0
template = "n-${1 + 2}"  # in hcl4j: n-3.0
list     = ["x", "y"][1]  # in hcl4j: [1.0]
object   = { a = 1 }["a"]  # in hcl4j: [a]
length   = length("abc")  # in hcl4j: null
upper    = upper("abc")  # in hcl4j: ABC
product  = 1 + 2 * 3  # in hashicorp/hcl: 7
logic    = true || true && false  # in hashicorp/hcl: true
compared = 2 == 1 + 1  # in hashicorp/hcl: true
template = "n-${1 + 2}"  # in hashicorp/hcl: "n-3"
list     = ["x", "y"][1]  # in hashicorp/hcl: "y"
object   = { a = 1 }["a"]  # in hashicorp/hcl: 1
length   = length("abc")  # in hashicorp/hcl: 3
upper    = upper("abc")  # in hashicorp/hcl: "ABC"
SEEN
