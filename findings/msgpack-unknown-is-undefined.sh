#!/usr/bin/env bash
# What Terraform's plugin protocol says of a value that is not known yet, read by MessagePack readers of Node.js. It is written as extension 0,
# and as extension 12 with a map of what is known all the same, such as "not null" (go-cty 1.18.1). msgpack-lite 0.2.2 has a use of its own for
# 12: the value is the text "[object Object]", and written back that text stands where the map was. For msgpackr 2.1.4 and notepack.io 3.0.1
# extension 0 is `undefined`: JSON.stringify leaves the attribute out, and so does notepack.io where it writes the value back, which go-cty takes
# for an object without attributes; 12 is an error for the first and an array for the second. msgpack5 6.1.0 refuses both kinds;
# @msgpack/msgpack 3.1.3 alone keeps both.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-fund --no-audit --ignore-scripts --prefix . \
    msgpackr@2.1.4 @msgpack/msgpack@3.1.3 msgpack-lite@0.2.2 notepack.io@3.0.1 msgpack5@6.1.0 >/dev/null
go mod init finding 2>go.log
go get github.com/zclconf/go-cty@v1.18.1 2>>go.log || { cat go.log; exit 1; }
cat >main.go <<'GO'
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/msgpack"
)

var kind = cty.Object(map[string]cty.Type{"id": cty.String})

// Without an argument: writes the values. With one: reads those that come in, `NAME HEX` a line.
func main() {
	if len(os.Args) == 1 {
		plain := cty.UnknownVal(cty.String)
		for _, one := range []struct {
			name  string
			value cty.Value
		}{{"unknown", plain}, {"unknown-not-null", plain.RefineNotNull()}} {
			text, err := msgpack.Marshal(cty.ObjectVal(map[string]cty.Value{"id": one.value}), kind)
			if err != nil {
				panic(err)
			}
			fmt.Println(one.name, hex.EncodeToString(text))
		}
		return
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		name, text, _ := strings.Cut(lines.Text(), " ")
		raw, err := hex.DecodeString(text)
		if err != nil {
			panic(err)
		}
		value, err := msgpack.Unmarshal(raw, kind)
		if err != nil {
			fmt.Println("back in go-cty:", name, "refused:", err)
			continue
		}
		fmt.Println("back in go-cty:", name, value.GoString())
	}
}
GO
cat >main.mjs <<'JS'
import { decode, encode } from "@msgpack/msgpack";
import fs from "fs";
import lite from "msgpack-lite";
import msgpack5 from "msgpack5";
import { pack, unpack } from "msgpackr";
import notepack from "notepack.io";

const five = msgpack5();
const all = {
    "@msgpack/msgpack": [decode, encode],
    msgpack5: [(bytes) => five.decode(bytes), (value) => five.encode(value).slice()],
    "notepack.io": [notepack.decode, notepack.encode],
    msgpackr: [unpack, pack],
    "msgpack-lite": [lite.decode, lite.encode],
};
let back = "";
for (const line of fs.readFileSync("values", "utf8").trim().split("\n")) {
    const [name, hex] = line.split(" ");
    for (const [reader, [read, write]] of Object.entries(all)) {
        try {
            const value = read(Buffer.from(hex, "hex"));
            console.log(`${name} in ${reader}: ${value.id && value.id.constructor.name}, as JSON ${JSON.stringify(value)}`);
            const again = Buffer.from(write(value)).toString("hex");
            back += again === hex ? "" : `${name}/${reader} ${again}\n`;
        } catch (error) {
            console.log(`${name} in ${reader}: refused: ${error.message}`);
        }
    }
}
fs.writeFileSync("back", back);
JS
go mod tidy 2>>go.log || { cat go.log; exit 1; }
go run . >values
{
    cat values
    node main.mjs
    cat back
    go run . read <back
} 2>&1 | tee seen
diff seen - <<'SEEN'
unknown 81a26964d40000
unknown-not-null 81a26964c7030c8101c2
unknown in @msgpack/msgpack: ExtData, as JSON {"id":{"type":0,"data":{"type":"Buffer","data":[0]}}}
unknown in msgpack5: refused: unable to find ext type 0
unknown in notepack.io: undefined, as JSON {}
unknown in msgpackr: undefined, as JSON {}
unknown in msgpack-lite: ExtBuffer, as JSON {"id":{"buffer":{"type":"Buffer","data":[0]},"type":0}}
unknown-not-null in @msgpack/msgpack: ExtData, as JSON {"id":{"type":12,"data":{"type":"Buffer","data":[129,1,194]}}}
unknown-not-null in msgpack5: refused: unable to find ext type 12
unknown-not-null in notepack.io: Array, as JSON {"id":[12,{"type":"Buffer","data":[129,1,194]}]}
unknown-not-null in msgpackr: refused: Unknown extension type 12
unknown-not-null in msgpack-lite: String, as JSON {"id":"[object Object]"}
unknown/notepack.io 80
unknown/msgpackr de0001a26964d40000
unknown-not-null/notepack.io 81a26964920cc4038101c2
unknown-not-null/msgpack-lite 81a26964d80caf5b6f626a656374204f626a6563745d
back in go-cty: unknown/notepack.io cty.EmptyObjectVal
back in go-cty: unknown/msgpackr cty.ObjectVal(map[string]cty.Value{"id":cty.UnknownVal(cty.String)})
back in go-cty: unknown-not-null/notepack.io refused: string is required
back in go-cty: unknown-not-null/msgpack-lite refused: failed to decode msgpack extension body: not a map
SEEN
