terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

variable "e" {
  default   = true
  ephemeral = true
}

output "abs" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(abs((var.e ? -1 : -1))))
  }
}

output "ceil" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(ceil((var.e ? 1.2 : 1.2))))
  }
}

output "floor" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(floor((var.e ? 1.2 : 1.2))))
  }
}

output "log" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(log((var.e ? 16 : 16), 2)))
    "argument 1" = jsonencode(ephemeralasnull(log(16, (var.e ? 2 : 2))))
  }
}

output "max" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(max((var.e ? 1 : 1), 2)))
    "argument 1" = jsonencode(ephemeralasnull(max(1, (var.e ? 2 : 2))))
  }
}

output "min" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(min((var.e ? 1 : 1), 2)))
    "argument 1" = jsonencode(ephemeralasnull(min(1, (var.e ? 2 : 2))))
  }
}

output "parseint" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(parseint((var.e ? "ff" : "ff"), 16)))
    "argument 1" = jsonencode(ephemeralasnull(parseint("ff", (var.e ? 16 : 16))))
  }
}

output "pow" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(pow((var.e ? 2 : 2), 3)))
    "argument 1" = jsonencode(ephemeralasnull(pow(2, (var.e ? 3 : 3))))
  }
}

output "signum" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(signum((var.e ? -3 : -3))))
  }
}

output "sum" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(sum((var.e ? [1, 2] : [1, 2]))))
    "inside 0"   = jsonencode(ephemeralasnull(sum([(var.e ? 1 : 1), 2])))
  }
}

output "chomp" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(chomp((var.e ? "a\n" : "a\n"))))
  }
}

output "endswith" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(endswith((var.e ? "ab" : "ab"), "b")))
    "argument 1" = jsonencode(ephemeralasnull(endswith("ab", (var.e ? "b" : "b"))))
  }
}

output "format" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(format((var.e ? "%s-%s" : "%s-%s"), "a", "b")))
    "argument 1" = jsonencode(ephemeralasnull(format("%s-%s", (var.e ? "a" : "a"), "b")))
    "argument 2" = jsonencode(ephemeralasnull(format("%s-%s", "a", (var.e ? "b" : "b"))))
  }
}

output "formatlist" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(formatlist((var.e ? "%s-%s" : "%s-%s"), "a", ["b", "c"])))
    "argument 1" = jsonencode(ephemeralasnull(formatlist("%s-%s", (var.e ? "a" : "a"), ["b", "c"])))
    "argument 2" = jsonencode(ephemeralasnull(formatlist("%s-%s", "a", (var.e ? ["b", "c"] : ["b", "c"]))))
    "inside 2"   = jsonencode(ephemeralasnull(formatlist("%s-%s", "a", [(var.e ? "b" : "b"), "c"])))
  }
}

output "indent" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(indent((var.e ? 2 : 2), "a\nb")))
    "argument 1" = jsonencode(ephemeralasnull(indent(2, (var.e ? "a\nb" : "a\nb"))))
  }
}

output "join" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(join((var.e ? "," : ","), ["a"], ["b"])))
    "argument 1" = jsonencode(ephemeralasnull(join(",", (var.e ? ["a"] : ["a"]), ["b"])))
    "inside 1"   = jsonencode(ephemeralasnull(join(",", [(var.e ? "a" : "a")], ["b"])))
    "argument 2" = jsonencode(ephemeralasnull(join(",", ["a"], (var.e ? ["b"] : ["b"]))))
    "inside 2"   = jsonencode(ephemeralasnull(join(",", ["a"], [(var.e ? "b" : "b")])))
  }
}

output "lower" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(lower((var.e ? "A" : "A"))))
  }
}

output "regex" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(regex((var.e ? "a" : "a"), "abc")))
    "argument 1" = jsonencode(ephemeralasnull(regex("a", (var.e ? "abc" : "abc"))))
  }
}

output "regexall" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(regexall((var.e ? "a" : "a"), "abc")))
    "argument 1" = jsonencode(ephemeralasnull(regexall("a", (var.e ? "abc" : "abc"))))
  }
}

output "replace" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(replace((var.e ? "abc" : "abc"), "a", "b")))
    "argument 1" = jsonencode(ephemeralasnull(replace("abc", (var.e ? "a" : "a"), "b")))
    "argument 2" = jsonencode(ephemeralasnull(replace("abc", "a", (var.e ? "b" : "b"))))
  }
}

output "split" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(split((var.e ? "," : ","), "a,b")))
    "argument 1" = jsonencode(ephemeralasnull(split(",", (var.e ? "a,b" : "a,b"))))
  }
}

output "startswith" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(startswith((var.e ? "ab" : "ab"), "a")))
    "argument 1" = jsonencode(ephemeralasnull(startswith("ab", (var.e ? "a" : "a"))))
  }
}

output "strcontains" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(strcontains((var.e ? "ab" : "ab"), "a")))
    "argument 1" = jsonencode(ephemeralasnull(strcontains("ab", (var.e ? "a" : "a"))))
  }
}

output "strrev" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(strrev((var.e ? "ab" : "ab"))))
  }
}

output "substr" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(substr((var.e ? "abc" : "abc"), 0, 2)))
    "argument 1" = jsonencode(ephemeralasnull(substr("abc", (var.e ? 0 : 0), 2)))
    "argument 2" = jsonencode(ephemeralasnull(substr("abc", 0, (var.e ? 2 : 2))))
  }
}

output "title" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(title((var.e ? "ab" : "ab"))))
  }
}

output "trim" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(trim((var.e ? "ab" : "ab"), "a")))
    "argument 1" = jsonencode(ephemeralasnull(trim("ab", (var.e ? "a" : "a"))))
  }
}

output "trimprefix" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(trimprefix((var.e ? "ab" : "ab"), "a")))
    "argument 1" = jsonencode(ephemeralasnull(trimprefix("ab", (var.e ? "a" : "a"))))
  }
}

output "trimspace" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(trimspace((var.e ? " a " : " a "))))
  }
}

output "trimsuffix" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(trimsuffix((var.e ? "ab" : "ab"), "b")))
    "argument 1" = jsonencode(ephemeralasnull(trimsuffix("ab", (var.e ? "b" : "b"))))
  }
}

output "upper" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(upper((var.e ? "a" : "a"))))
  }
}

output "alltrue" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(alltrue((var.e ? [true, true] : [true, true]))))
    "inside 0"   = jsonencode(ephemeralasnull(alltrue([(var.e ? true : true), true])))
  }
}

output "anytrue" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(anytrue((var.e ? [true, false] : [true, false]))))
    "inside 0"   = jsonencode(ephemeralasnull(anytrue([(var.e ? true : true), false])))
  }
}

output "chunklist" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(chunklist((var.e ? ["a", "b", "c"] : ["a", "b", "c"]), 2)))
    "inside 0"   = jsonencode(ephemeralasnull(chunklist([(var.e ? "a" : "a"), "b", "c"], 2)))
    "argument 1" = jsonencode(ephemeralasnull(chunklist(["a", "b", "c"], (var.e ? 2 : 2))))
  }
}

output "coalesce" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(coalesce((var.e ? "a" : "a"), "b")))
    "argument 1" = jsonencode(ephemeralasnull(coalesce("a", (var.e ? "b" : "b"))))
  }
}

output "coalesce_2" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(coalesce((var.e ? null : null), "b")))
    "argument 1" = jsonencode(ephemeralasnull(coalesce(null, (var.e ? "b" : "b"))))
  }
}

output "coalescelist" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(coalescelist((var.e ? ["a"] : ["a"]), ["b"])))
    "inside 0"   = jsonencode(ephemeralasnull(coalescelist([(var.e ? "a" : "a")], ["b"])))
    "argument 1" = jsonencode(ephemeralasnull(coalescelist(["a"], (var.e ? ["b"] : ["b"]))))
    "inside 1"   = jsonencode(ephemeralasnull(coalescelist(["a"], [(var.e ? "b" : "b")])))
  }
}

output "coalescelist_2" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(coalescelist((var.e ? [] : []), ["b"])))
    "argument 1" = jsonencode(ephemeralasnull(coalescelist([], (var.e ? ["b"] : ["b"]))))
    "inside 1"   = jsonencode(ephemeralasnull(coalescelist([], [(var.e ? "b" : "b")])))
  }
}

output "compact" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(compact((var.e ? ["a", ""] : ["a", ""]))))
    "inside 0"   = jsonencode(ephemeralasnull(compact([(var.e ? "a" : "a"), ""])))
  }
}

output "concat" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(concat((var.e ? ["a"] : ["a"]), ["b"])))
    "inside 0"   = jsonencode(ephemeralasnull(concat([(var.e ? "a" : "a")], ["b"])))
    "argument 1" = jsonencode(ephemeralasnull(concat(["a"], (var.e ? ["b"] : ["b"]))))
    "inside 1"   = jsonencode(ephemeralasnull(concat(["a"], [(var.e ? "b" : "b")])))
  }
}

output "contains" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(contains((var.e ? ["a", "b"] : ["a", "b"]), "a")))
    "inside 0"   = jsonencode(ephemeralasnull(contains([(var.e ? "a" : "a"), "b"], "a")))
    "argument 1" = jsonencode(ephemeralasnull(contains(["a", "b"], (var.e ? "a" : "a"))))
  }
}

output "distinct" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(distinct((var.e ? ["a", "a"] : ["a", "a"]))))
    "inside 0"   = jsonencode(ephemeralasnull(distinct([(var.e ? "a" : "a"), "a"])))
  }
}

output "element" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(element((var.e ? ["a", "b"] : ["a", "b"]), 1)))
    "inside 0"   = jsonencode(ephemeralasnull(element([(var.e ? "a" : "a"), "b"], 1)))
    "argument 1" = jsonencode(ephemeralasnull(element(["a", "b"], (var.e ? 1 : 1))))
  }
}

output "flatten" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(flatten((var.e ? [["a"], ["b"]] : [["a"], ["b"]]))))
    "inside 0"   = jsonencode(ephemeralasnull(flatten([[(var.e ? "a" : "a")], ["b"]])))
  }
}

output "index" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(index((var.e ? ["a", "b"] : ["a", "b"]), "b")))
    "inside 0"   = jsonencode(ephemeralasnull(index([(var.e ? "a" : "a"), "b"], "b")))
    "argument 1" = jsonencode(ephemeralasnull(index(["a", "b"], (var.e ? "b" : "b"))))
  }
}

output "keys" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(keys((var.e ? { a = "b" } : { a = "b" }))))
    "inside 0"   = jsonencode(ephemeralasnull(keys({ a = (var.e ? "b" : "b") })))
  }
}

output "length" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(length((var.e ? ["a", "b"] : ["a", "b"]))))
    "inside 0"   = jsonencode(ephemeralasnull(length([(var.e ? "a" : "a"), "b"])))
  }
}

output "length_2" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(length((var.e ? { a = "b" } : { a = "b" }))))
    "inside 0"   = jsonencode(ephemeralasnull(length({ a = (var.e ? "b" : "b") })))
  }
}

output "length_3" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(length((var.e ? "abc" : "abc"))))
  }
}

output "lookup" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(lookup((var.e ? { a = "b" } : { a = "b" }), "a", "c")))
    "inside 0"   = jsonencode(ephemeralasnull(lookup({ a = (var.e ? "b" : "b") }, "a", "c")))
    "argument 1" = jsonencode(ephemeralasnull(lookup({ a = "b" }, (var.e ? "a" : "a"), "c")))
    "argument 2" = jsonencode(ephemeralasnull(lookup({ a = "b" }, "a", (var.e ? "c" : "c"))))
  }
}

output "lookup_2" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(lookup((var.e ? { a = "b" } : { a = "b" }), "z", "c")))
    "inside 0"   = jsonencode(ephemeralasnull(lookup({ a = (var.e ? "b" : "b") }, "z", "c")))
    "argument 1" = jsonencode(ephemeralasnull(lookup({ a = "b" }, (var.e ? "z" : "z"), "c")))
    "argument 2" = jsonencode(ephemeralasnull(lookup({ a = "b" }, "z", (var.e ? "c" : "c"))))
  }
}

output "matchkeys" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(matchkeys((var.e ? ["a", "b"] : ["a", "b"]), ["x", "y"], ["x"])))
    "inside 0"   = jsonencode(ephemeralasnull(matchkeys([(var.e ? "a" : "a"), "b"], ["x", "y"], ["x"])))
    "argument 1" = jsonencode(ephemeralasnull(matchkeys(["a", "b"], (var.e ? ["x", "y"] : ["x", "y"]), ["x"])))
    "inside 1"   = jsonencode(ephemeralasnull(matchkeys(["a", "b"], [(var.e ? "x" : "x"), "y"], ["x"])))
    "argument 2" = jsonencode(ephemeralasnull(matchkeys(["a", "b"], ["x", "y"], (var.e ? ["x"] : ["x"]))))
    "inside 2"   = jsonencode(ephemeralasnull(matchkeys(["a", "b"], ["x", "y"], [(var.e ? "x" : "x")])))
  }
}

output "merge" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(merge((var.e ? { a = "b" } : { a = "b" }), { c = "d" })))
    "inside 0"   = jsonencode(ephemeralasnull(merge({ a = (var.e ? "b" : "b") }, { c = "d" })))
    "argument 1" = jsonencode(ephemeralasnull(merge({ a = "b" }, (var.e ? { c = "d" } : { c = "d" }))))
    "inside 1"   = jsonencode(ephemeralasnull(merge({ a = "b" }, { c = (var.e ? "d" : "d") })))
  }
}

output "one" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(one((var.e ? ["a"] : ["a"]))))
    "inside 0"   = jsonencode(ephemeralasnull(one([(var.e ? "a" : "a")])))
  }
}

output "range" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(range((var.e ? 1 : 1), 4, 2)))
    "argument 1" = jsonencode(ephemeralasnull(range(1, (var.e ? 4 : 4), 2)))
    "argument 2" = jsonencode(ephemeralasnull(range(1, 4, (var.e ? 2 : 2))))
  }
}

output "reverse" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(reverse((var.e ? ["a", "b"] : ["a", "b"]))))
    "inside 0"   = jsonencode(ephemeralasnull(reverse([(var.e ? "a" : "a"), "b"])))
  }
}

output "setintersection" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(setintersection((var.e ? ["a", "b"] : ["a", "b"]), ["a"])))
    "inside 0"   = jsonencode(ephemeralasnull(setintersection([(var.e ? "a" : "a"), "b"], ["a"])))
    "argument 1" = jsonencode(ephemeralasnull(setintersection(["a", "b"], (var.e ? ["a"] : ["a"]))))
    "inside 1"   = jsonencode(ephemeralasnull(setintersection(["a", "b"], [(var.e ? "a" : "a")])))
  }
}

output "setproduct" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(setproduct((var.e ? ["a", "b"] : ["a", "b"]), ["c"])))
    "inside 0"   = jsonencode(ephemeralasnull(setproduct([(var.e ? "a" : "a"), "b"], ["c"])))
    "argument 1" = jsonencode(ephemeralasnull(setproduct(["a", "b"], (var.e ? ["c"] : ["c"]))))
    "inside 1"   = jsonencode(ephemeralasnull(setproduct(["a", "b"], [(var.e ? "c" : "c")])))
  }
}

output "setsubtract" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(setsubtract((var.e ? ["a", "b"] : ["a", "b"]), ["a"])))
    "inside 0"   = jsonencode(ephemeralasnull(setsubtract([(var.e ? "a" : "a"), "b"], ["a"])))
    "argument 1" = jsonencode(ephemeralasnull(setsubtract(["a", "b"], (var.e ? ["a"] : ["a"]))))
    "inside 1"   = jsonencode(ephemeralasnull(setsubtract(["a", "b"], [(var.e ? "a" : "a")])))
  }
}

output "setunion" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(setunion((var.e ? ["a"] : ["a"]), ["b"])))
    "inside 0"   = jsonencode(ephemeralasnull(setunion([(var.e ? "a" : "a")], ["b"])))
    "argument 1" = jsonencode(ephemeralasnull(setunion(["a"], (var.e ? ["b"] : ["b"]))))
    "inside 1"   = jsonencode(ephemeralasnull(setunion(["a"], [(var.e ? "b" : "b")])))
  }
}

output "slice" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(slice((var.e ? ["a", "b", "c"] : ["a", "b", "c"]), 1, 2)))
    "inside 0"   = jsonencode(ephemeralasnull(slice([(var.e ? "a" : "a"), "b", "c"], 1, 2)))
    "argument 1" = jsonencode(ephemeralasnull(slice(["a", "b", "c"], (var.e ? 1 : 1), 2)))
    "argument 2" = jsonencode(ephemeralasnull(slice(["a", "b", "c"], 1, (var.e ? 2 : 2))))
  }
}

output "sort" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(sort((var.e ? ["b", "a"] : ["b", "a"]))))
    "inside 0"   = jsonencode(ephemeralasnull(sort([(var.e ? "b" : "b"), "a"])))
  }
}

output "transpose" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(transpose((var.e ? { a = ["b"] } : { a = ["b"] }))))
    "inside 0"   = jsonencode(ephemeralasnull(transpose({ a = (var.e ? ["b"] : ["b"]) })))
  }
}

output "values" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(values((var.e ? { a = "b" } : { a = "b" }))))
    "inside 0"   = jsonencode(ephemeralasnull(values({ a = (var.e ? "b" : "b") })))
  }
}

output "zipmap" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(zipmap((var.e ? ["a", "b"] : ["a", "b"]), ["c", "d"])))
    "inside 0"   = jsonencode(ephemeralasnull(zipmap([(var.e ? "a" : "a"), "b"], ["c", "d"])))
    "argument 1" = jsonencode(ephemeralasnull(zipmap(["a", "b"], (var.e ? ["c", "d"] : ["c", "d"]))))
    "inside 1"   = jsonencode(ephemeralasnull(zipmap(["a", "b"], [(var.e ? "c" : "c"), "d"])))
  }
}

output "base64decode" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(base64decode((var.e ? "YQ==" : "YQ=="))))
  }
}

output "base64encode" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(base64encode((var.e ? "a" : "a"))))
  }
}

output "csvdecode" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(csvdecode((var.e ? "a,b\n1,2\n" : "a,b\n1,2\n"))))
  }
}

output "jsondecode" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(jsondecode((var.e ? "[1]" : "[1]"))))
  }
}

output "jsonencode" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(jsonencode((var.e ? [1] : [1]))))
    "inside 0"   = jsonencode(ephemeralasnull(jsonencode([(var.e ? 1 : 1)])))
  }
}

output "textdecodebase64" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(textdecodebase64((var.e ? "YQA=" : "YQA="), "UTF-16LE")))
    "argument 1" = jsonencode(ephemeralasnull(textdecodebase64("YQA=", (var.e ? "UTF-16LE" : "UTF-16LE"))))
  }
}

output "textencodebase64" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(textencodebase64((var.e ? "a" : "a"), "UTF-16LE")))
    "argument 1" = jsonencode(ephemeralasnull(textencodebase64("a", (var.e ? "UTF-16LE" : "UTF-16LE"))))
  }
}

output "urlencode" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(urlencode((var.e ? "a b" : "a b"))))
  }
}

output "yamldecode" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(yamldecode((var.e ? "[1]" : "[1]"))))
  }
}

output "yamlencode" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(yamlencode((var.e ? [1] : [1]))))
    "inside 0"   = jsonencode(ephemeralasnull(yamlencode([(var.e ? 1 : 1)])))
  }
}

output "abspath" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(abspath((var.e ? "/a" : "/a"))))
  }
}

output "basename" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(basename((var.e ? "/a/b" : "/a/b"))))
  }
}

output "dirname" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(dirname((var.e ? "/a/b" : "/a/b"))))
  }
}

output "pathexpand" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(pathexpand((var.e ? "/a" : "/a"))))
  }
}

output "fileexists" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(fileexists((var.e ? "main.tf" : "main.tf"))))
  }
}

output "formatdate" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(formatdate((var.e ? "YYYY" : "YYYY"), "2026-01-01T00:00:00Z")))
    "argument 1" = jsonencode(ephemeralasnull(formatdate("YYYY", (var.e ? "2026-01-01T00:00:00Z" : "2026-01-01T00:00:00Z"))))
  }
}

output "timeadd" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(timeadd((var.e ? "2026-01-01T00:00:00Z" : "2026-01-01T00:00:00Z"), "1h")))
    "argument 1" = jsonencode(ephemeralasnull(timeadd("2026-01-01T00:00:00Z", (var.e ? "1h" : "1h"))))
  }
}

output "timecmp" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(timecmp((var.e ? "2026-01-01T00:00:00Z" : "2026-01-01T00:00:00Z"), "2026-01-01T00:00:00Z")))
    "argument 1" = jsonencode(ephemeralasnull(timecmp("2026-01-01T00:00:00Z", (var.e ? "2026-01-01T00:00:00Z" : "2026-01-01T00:00:00Z"))))
  }
}

output "base64sha256" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(base64sha256((var.e ? "a" : "a"))))
  }
}

output "base64sha512" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(base64sha512((var.e ? "a" : "a"))))
  }
}

output "md5" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(md5((var.e ? "a" : "a"))))
  }
}

output "sha1" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(sha1((var.e ? "a" : "a"))))
  }
}

output "sha256" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(sha256((var.e ? "a" : "a"))))
  }
}

output "sha512" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(sha512((var.e ? "a" : "a"))))
  }
}

output "uuidv5" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(uuidv5((var.e ? "dns" : "dns"), "a.example")))
    "argument 1" = jsonencode(ephemeralasnull(uuidv5("dns", (var.e ? "a.example" : "a.example"))))
  }
}

output "cidrhost" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(cidrhost((var.e ? "10.0.0.0/8" : "10.0.0.0/8"), 1)))
    "argument 1" = jsonencode(ephemeralasnull(cidrhost("10.0.0.0/8", (var.e ? 1 : 1))))
  }
}

output "cidrnetmask" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(cidrnetmask((var.e ? "10.0.0.0/8" : "10.0.0.0/8"))))
  }
}

output "cidrsubnet" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(cidrsubnet((var.e ? "10.0.0.0/8" : "10.0.0.0/8"), 8, 1)))
    "argument 1" = jsonencode(ephemeralasnull(cidrsubnet("10.0.0.0/8", (var.e ? 8 : 8), 1)))
    "argument 2" = jsonencode(ephemeralasnull(cidrsubnet("10.0.0.0/8", 8, (var.e ? 1 : 1))))
  }
}

output "cidrsubnets" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(cidrsubnets((var.e ? "10.0.0.0/8" : "10.0.0.0/8"), 8, 8)))
    "argument 1" = jsonencode(ephemeralasnull(cidrsubnets("10.0.0.0/8", (var.e ? 8 : 8), 8)))
    "argument 2" = jsonencode(ephemeralasnull(cidrsubnets("10.0.0.0/8", 8, (var.e ? 8 : 8))))
  }
}

output "tobool" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(tobool((var.e ? "true" : "true"))))
  }
}

output "tolist" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(tolist((var.e ? ["a", "b"] : ["a", "b"]))))
    "inside 0"   = jsonencode(ephemeralasnull(tolist([(var.e ? "a" : "a"), "b"])))
  }
}

output "tomap" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(tomap((var.e ? { a = "b" } : { a = "b" }))))
    "inside 0"   = jsonencode(ephemeralasnull(tomap({ a = (var.e ? "b" : "b") })))
  }
}

output "tonumber" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(tonumber((var.e ? "1" : "1"))))
  }
}

output "toset" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(toset((var.e ? ["a", "b"] : ["a", "b"]))))
    "inside 0"   = jsonencode(ephemeralasnull(toset([(var.e ? "a" : "a"), "b"])))
  }
}

output "tostring" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(tostring((var.e ? 1 : 1))))
  }
}

output "try" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(try((var.e ? "a" : "a"), "b")))
    "argument 1" = jsonencode(ephemeralasnull(try("a", (var.e ? "b" : "b"))))
  }
}

output "issensitive" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(issensitive((var.e ? "a" : "a"))))
  }
}

output "sensitive" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(nonsensitive(sensitive((var.e ? "a" : "a")))))
  }
}

output "ephemeralasnull" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(ephemeralasnull((var.e ? "a" : "a"))))
  }
}

output "templatefile" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(templatefile((var.e ? "t.tftpl" : "t.tftpl"), { a = "b" })))
    "argument 1" = jsonencode(ephemeralasnull(templatefile("t.tftpl", (var.e ? { a = "b" } : { a = "b" }))))
    "inside 1"   = jsonencode(ephemeralasnull(templatefile("t.tftpl", { a = (var.e ? "b" : "b") })))
  }
}

locals {
  plain  = "$${a}"
  marked = (var.e ? "$${a}" : "$${a}")
}

output "templatestring" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(templatestring(local.marked, { a = "b" })))
    "argument 1" = jsonencode(ephemeralasnull(templatestring(local.plain, (var.e ? { a = "b" } : { a = "b" }))))
    "inside 1"   = jsonencode(ephemeralasnull(templatestring(local.plain, { a = (var.e ? "b" : "b") })))
  }
}

output "provider_terraform_decode_tfvars" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(provider::terraform::decode_tfvars((var.e ? "a = 1" : "a = 1"))))
  }
}

output "provider_terraform_encode_expr" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(provider::terraform::encode_expr((var.e ? ["a"] : ["a"]))))
    "inside 0"   = jsonencode(ephemeralasnull(provider::terraform::encode_expr([(var.e ? "a" : "a")])))
  }
}

output "provider_terraform_encode_tfvars" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(provider::terraform::encode_tfvars((var.e ? { a = "b" } : { a = "b" }))))
    "inside 0"   = jsonencode(ephemeralasnull(provider::terraform::encode_tfvars({ a = (var.e ? "b" : "b") })))
  }
}

output "file" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(file((var.e ? "t.txt" : "t.txt"))))
  }
}

output "filebase64" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(filebase64((var.e ? "t.txt" : "t.txt"))))
  }
}

output "fileset" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(fileset((var.e ? "." : "."), "*.txt")))
    "argument 1" = jsonencode(ephemeralasnull(fileset(".", (var.e ? "*.txt" : "*.txt"))))
  }
}

output "filebase64sha256" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(filebase64sha256((var.e ? "t.txt" : "t.txt"))))
  }
}

output "filebase64sha512" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(filebase64sha512((var.e ? "t.txt" : "t.txt"))))
  }
}

output "filemd5" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(filemd5((var.e ? "t.txt" : "t.txt"))))
  }
}

output "filesha1" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(filesha1((var.e ? "t.txt" : "t.txt"))))
  }
}

output "filesha256" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(filesha256((var.e ? "t.txt" : "t.txt"))))
  }
}

output "filesha512" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(filesha512((var.e ? "t.txt" : "t.txt"))))
  }
}

output "can" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(can((var.e ? "a" : "a"))))
    "inside 0"   = jsonencode(ephemeralasnull(can([(var.e ? "a" : "a")])))
  }
}

output "nonsensitive" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(nonsensitive((var.e ? sensitive("a") : sensitive("a")))))
  }
}
