output "abs" {
  value = {
    "argument 0" = [issensitive(abs(sensitive(-1))), issensitive(jsonencode(abs(sensitive(-1))))]
  }
}

output "ceil" {
  value = {
    "argument 0" = [issensitive(ceil(sensitive(1.2))), issensitive(jsonencode(ceil(sensitive(1.2))))]
  }
}

output "floor" {
  value = {
    "argument 0" = [issensitive(floor(sensitive(1.2))), issensitive(jsonencode(floor(sensitive(1.2))))]
  }
}

output "log" {
  value = {
    "argument 0" = [issensitive(log(sensitive(16), 2)), issensitive(jsonencode(log(sensitive(16), 2)))]
    "argument 1" = [issensitive(log(16, sensitive(2))), issensitive(jsonencode(log(16, sensitive(2))))]
  }
}

output "max" {
  value = {
    "argument 0" = [issensitive(max(sensitive(1), 2)), issensitive(jsonencode(max(sensitive(1), 2)))]
    "argument 1" = [issensitive(max(1, sensitive(2))), issensitive(jsonencode(max(1, sensitive(2))))]
  }
}

output "min" {
  value = {
    "argument 0" = [issensitive(min(sensitive(1), 2)), issensitive(jsonencode(min(sensitive(1), 2)))]
    "argument 1" = [issensitive(min(1, sensitive(2))), issensitive(jsonencode(min(1, sensitive(2))))]
  }
}

output "parseint" {
  value = {
    "argument 0" = [issensitive(parseint(sensitive("ff"), 16)), issensitive(jsonencode(parseint(sensitive("ff"), 16)))]
    "argument 1" = [issensitive(parseint("ff", sensitive(16))), issensitive(jsonencode(parseint("ff", sensitive(16))))]
  }
}

output "pow" {
  value = {
    "argument 0" = [issensitive(pow(sensitive(2), 3)), issensitive(jsonencode(pow(sensitive(2), 3)))]
    "argument 1" = [issensitive(pow(2, sensitive(3))), issensitive(jsonencode(pow(2, sensitive(3))))]
  }
}

output "signum" {
  value = {
    "argument 0" = [issensitive(signum(sensitive(-3))), issensitive(jsonencode(signum(sensitive(-3))))]
  }
}

output "sum" {
  value = {
    "argument 0" = [issensitive(sum(sensitive([1, 2]))), issensitive(jsonencode(sum(sensitive([1, 2]))))]
    "inside 0"   = [issensitive(sum([sensitive(1), 2])), issensitive(jsonencode(sum([sensitive(1), 2])))]
  }
}

output "chomp" {
  value = {
    "argument 0" = [issensitive(chomp(sensitive("a\n"))), issensitive(jsonencode(chomp(sensitive("a\n"))))]
  }
}

output "endswith" {
  value = {
    "argument 0" = [issensitive(endswith(sensitive("ab"), "b")), issensitive(jsonencode(endswith(sensitive("ab"), "b")))]
    "argument 1" = [issensitive(endswith("ab", sensitive("b"))), issensitive(jsonencode(endswith("ab", sensitive("b"))))]
  }
}

output "format" {
  value = {
    "argument 0" = [issensitive(format(sensitive("%s-%s"), "a", "b")), issensitive(jsonencode(format(sensitive("%s-%s"), "a", "b")))]
    "argument 1" = [issensitive(format("%s-%s", sensitive("a"), "b")), issensitive(jsonencode(format("%s-%s", sensitive("a"), "b")))]
    "argument 2" = [issensitive(format("%s-%s", "a", sensitive("b"))), issensitive(jsonencode(format("%s-%s", "a", sensitive("b"))))]
  }
}

output "formatlist" {
  value = {
    "argument 0" = [issensitive(formatlist(sensitive("%s-%s"), "a", ["b", "c"])), issensitive(jsonencode(formatlist(sensitive("%s-%s"), "a", ["b", "c"])))]
    "argument 1" = [issensitive(formatlist("%s-%s", sensitive("a"), ["b", "c"])), issensitive(jsonencode(formatlist("%s-%s", sensitive("a"), ["b", "c"])))]
    "argument 2" = [issensitive(formatlist("%s-%s", "a", sensitive(["b", "c"]))), issensitive(jsonencode(formatlist("%s-%s", "a", sensitive(["b", "c"]))))]
    "inside 2"   = [issensitive(formatlist("%s-%s", "a", [sensitive("b"), "c"])), issensitive(jsonencode(formatlist("%s-%s", "a", [sensitive("b"), "c"])))]
  }
}

output "indent" {
  value = {
    "argument 0" = [issensitive(indent(sensitive(2), "a\nb")), issensitive(jsonencode(indent(sensitive(2), "a\nb")))]
    "argument 1" = [issensitive(indent(2, sensitive("a\nb"))), issensitive(jsonencode(indent(2, sensitive("a\nb"))))]
  }
}

output "join" {
  value = {
    "argument 0" = [issensitive(join(sensitive(","), ["a"], ["b"])), issensitive(jsonencode(join(sensitive(","), ["a"], ["b"])))]
    "argument 1" = [issensitive(join(",", sensitive(["a"]), ["b"])), issensitive(jsonencode(join(",", sensitive(["a"]), ["b"])))]
    "inside 1"   = [issensitive(join(",", [sensitive("a")], ["b"])), issensitive(jsonencode(join(",", [sensitive("a")], ["b"])))]
    "argument 2" = [issensitive(join(",", ["a"], sensitive(["b"]))), issensitive(jsonencode(join(",", ["a"], sensitive(["b"]))))]
    "inside 2"   = [issensitive(join(",", ["a"], [sensitive("b")])), issensitive(jsonencode(join(",", ["a"], [sensitive("b")])))]
  }
}

output "lower" {
  value = {
    "argument 0" = [issensitive(lower(sensitive("A"))), issensitive(jsonencode(lower(sensitive("A"))))]
  }
}

output "regex" {
  value = {
    "argument 0" = [issensitive(regex(sensitive("a"), "abc")), issensitive(jsonencode(regex(sensitive("a"), "abc")))]
    "argument 1" = [issensitive(regex("a", sensitive("abc"))), issensitive(jsonencode(regex("a", sensitive("abc"))))]
  }
}

output "regexall" {
  value = {
    "argument 0" = [issensitive(regexall(sensitive("a"), "abc")), issensitive(jsonencode(regexall(sensitive("a"), "abc")))]
    "argument 1" = [issensitive(regexall("a", sensitive("abc"))), issensitive(jsonencode(regexall("a", sensitive("abc"))))]
  }
}

output "replace" {
  value = {
    "argument 0" = [issensitive(replace(sensitive("abc"), "a", "b")), issensitive(jsonencode(replace(sensitive("abc"), "a", "b")))]
    "argument 1" = [issensitive(replace("abc", sensitive("a"), "b")), issensitive(jsonencode(replace("abc", sensitive("a"), "b")))]
    "argument 2" = [issensitive(replace("abc", "a", sensitive("b"))), issensitive(jsonencode(replace("abc", "a", sensitive("b"))))]
  }
}

output "split" {
  value = {
    "argument 0" = [issensitive(split(sensitive(","), "a,b")), issensitive(jsonencode(split(sensitive(","), "a,b")))]
    "argument 1" = [issensitive(split(",", sensitive("a,b"))), issensitive(jsonencode(split(",", sensitive("a,b"))))]
  }
}

output "startswith" {
  value = {
    "argument 0" = [issensitive(startswith(sensitive("ab"), "a")), issensitive(jsonencode(startswith(sensitive("ab"), "a")))]
    "argument 1" = [issensitive(startswith("ab", sensitive("a"))), issensitive(jsonencode(startswith("ab", sensitive("a"))))]
  }
}

output "strcontains" {
  value = {
    "argument 0" = [issensitive(strcontains(sensitive("ab"), "a")), issensitive(jsonencode(strcontains(sensitive("ab"), "a")))]
    "argument 1" = [issensitive(strcontains("ab", sensitive("a"))), issensitive(jsonencode(strcontains("ab", sensitive("a"))))]
  }
}

output "strrev" {
  value = {
    "argument 0" = [issensitive(strrev(sensitive("ab"))), issensitive(jsonencode(strrev(sensitive("ab"))))]
  }
}

output "substr" {
  value = {
    "argument 0" = [issensitive(substr(sensitive("abc"), 0, 2)), issensitive(jsonencode(substr(sensitive("abc"), 0, 2)))]
    "argument 1" = [issensitive(substr("abc", sensitive(0), 2)), issensitive(jsonencode(substr("abc", sensitive(0), 2)))]
    "argument 2" = [issensitive(substr("abc", 0, sensitive(2))), issensitive(jsonencode(substr("abc", 0, sensitive(2))))]
  }
}

output "title" {
  value = {
    "argument 0" = [issensitive(title(sensitive("ab"))), issensitive(jsonencode(title(sensitive("ab"))))]
  }
}

output "trim" {
  value = {
    "argument 0" = [issensitive(trim(sensitive("ab"), "a")), issensitive(jsonencode(trim(sensitive("ab"), "a")))]
    "argument 1" = [issensitive(trim("ab", sensitive("a"))), issensitive(jsonencode(trim("ab", sensitive("a"))))]
  }
}

output "trimprefix" {
  value = {
    "argument 0" = [issensitive(trimprefix(sensitive("ab"), "a")), issensitive(jsonencode(trimprefix(sensitive("ab"), "a")))]
    "argument 1" = [issensitive(trimprefix("ab", sensitive("a"))), issensitive(jsonencode(trimprefix("ab", sensitive("a"))))]
  }
}

output "trimspace" {
  value = {
    "argument 0" = [issensitive(trimspace(sensitive(" a "))), issensitive(jsonencode(trimspace(sensitive(" a "))))]
  }
}

output "trimsuffix" {
  value = {
    "argument 0" = [issensitive(trimsuffix(sensitive("ab"), "b")), issensitive(jsonencode(trimsuffix(sensitive("ab"), "b")))]
    "argument 1" = [issensitive(trimsuffix("ab", sensitive("b"))), issensitive(jsonencode(trimsuffix("ab", sensitive("b"))))]
  }
}

output "upper" {
  value = {
    "argument 0" = [issensitive(upper(sensitive("a"))), issensitive(jsonencode(upper(sensitive("a"))))]
  }
}

output "alltrue" {
  value = {
    "argument 0" = [issensitive(alltrue(sensitive([true, true]))), issensitive(jsonencode(alltrue(sensitive([true, true]))))]
    "inside 0"   = [issensitive(alltrue([sensitive(true), true])), issensitive(jsonencode(alltrue([sensitive(true), true])))]
  }
}

output "anytrue" {
  value = {
    "argument 0" = [issensitive(anytrue(sensitive([true, false]))), issensitive(jsonencode(anytrue(sensitive([true, false]))))]
    "inside 0"   = [issensitive(anytrue([sensitive(true), false])), issensitive(jsonencode(anytrue([sensitive(true), false])))]
  }
}

output "chunklist" {
  value = {
    "argument 0" = [issensitive(chunklist(sensitive(["a", "b", "c"]), 2)), issensitive(jsonencode(chunklist(sensitive(["a", "b", "c"]), 2)))]
    "inside 0"   = [issensitive(chunklist([sensitive("a"), "b", "c"], 2)), issensitive(jsonencode(chunklist([sensitive("a"), "b", "c"], 2)))]
    "argument 1" = [issensitive(chunklist(["a", "b", "c"], sensitive(2))), issensitive(jsonencode(chunklist(["a", "b", "c"], sensitive(2))))]
  }
}

output "coalesce" {
  value = {
    "argument 0" = [issensitive(coalesce(sensitive("a"), "b")), issensitive(jsonencode(coalesce(sensitive("a"), "b")))]
    "argument 1" = [issensitive(coalesce("a", sensitive("b"))), issensitive(jsonencode(coalesce("a", sensitive("b"))))]
  }
}

output "coalesce_2" {
  value = {
    "argument 0" = [issensitive(coalesce(sensitive(null), "b")), issensitive(jsonencode(coalesce(sensitive(null), "b")))]
    "argument 1" = [issensitive(coalesce(null, sensitive("b"))), issensitive(jsonencode(coalesce(null, sensitive("b"))))]
  }
}

output "coalescelist" {
  value = {
    "argument 0" = [issensitive(coalescelist(sensitive(["a"]), ["b"])), issensitive(jsonencode(coalescelist(sensitive(["a"]), ["b"])))]
    "inside 0"   = [issensitive(coalescelist([sensitive("a")], ["b"])), issensitive(jsonencode(coalescelist([sensitive("a")], ["b"])))]
    "argument 1" = [issensitive(coalescelist(["a"], sensitive(["b"]))), issensitive(jsonencode(coalescelist(["a"], sensitive(["b"]))))]
    "inside 1"   = [issensitive(coalescelist(["a"], [sensitive("b")])), issensitive(jsonencode(coalescelist(["a"], [sensitive("b")])))]
  }
}

output "coalescelist_2" {
  value = {
    "argument 0" = [issensitive(coalescelist(sensitive([]), ["b"])), issensitive(jsonencode(coalescelist(sensitive([]), ["b"])))]
    "inside 0"   = [issensitive(coalescelist([], ["b"])), issensitive(jsonencode(coalescelist([], ["b"])))]
    "argument 1" = [issensitive(coalescelist([], sensitive(["b"]))), issensitive(jsonencode(coalescelist([], sensitive(["b"]))))]
    "inside 1"   = [issensitive(coalescelist([], [sensitive("b")])), issensitive(jsonencode(coalescelist([], [sensitive("b")])))]
  }
}

output "compact" {
  value = {
    "argument 0" = [issensitive(compact(sensitive(["a", ""]))), issensitive(jsonencode(compact(sensitive(["a", ""]))))]
    "inside 0"   = [issensitive(compact([sensitive("a"), ""])), issensitive(jsonencode(compact([sensitive("a"), ""])))]
  }
}

output "concat" {
  value = {
    "argument 0" = [issensitive(concat(sensitive(["a"]), ["b"])), issensitive(jsonencode(concat(sensitive(["a"]), ["b"])))]
    "inside 0"   = [issensitive(concat([sensitive("a")], ["b"])), issensitive(jsonencode(concat([sensitive("a")], ["b"])))]
    "argument 1" = [issensitive(concat(["a"], sensitive(["b"]))), issensitive(jsonencode(concat(["a"], sensitive(["b"]))))]
    "inside 1"   = [issensitive(concat(["a"], [sensitive("b")])), issensitive(jsonencode(concat(["a"], [sensitive("b")])))]
  }
}

output "contains" {
  value = {
    "argument 0" = [issensitive(contains(sensitive(["a", "b"]), "a")), issensitive(jsonencode(contains(sensitive(["a", "b"]), "a")))]
    "inside 0"   = [issensitive(contains([sensitive("a"), "b"], "a")), issensitive(jsonencode(contains([sensitive("a"), "b"], "a")))]
    "argument 1" = [issensitive(contains(["a", "b"], sensitive("a"))), issensitive(jsonencode(contains(["a", "b"], sensitive("a"))))]
  }
}

output "distinct" {
  value = {
    "argument 0" = [issensitive(distinct(sensitive(["a", "a"]))), issensitive(jsonencode(distinct(sensitive(["a", "a"]))))]
    "inside 0"   = [issensitive(distinct([sensitive("a"), "a"])), issensitive(jsonencode(distinct([sensitive("a"), "a"])))]
  }
}

output "element" {
  value = {
    "argument 0" = [issensitive(element(sensitive(["a", "b"]), 1)), issensitive(jsonencode(element(sensitive(["a", "b"]), 1)))]
    "inside 0"   = [issensitive(element([sensitive("a"), "b"], 1)), issensitive(jsonencode(element([sensitive("a"), "b"], 1)))]
    "argument 1" = [issensitive(element(["a", "b"], sensitive(1))), issensitive(jsonencode(element(["a", "b"], sensitive(1))))]
  }
}

output "flatten" {
  value = {
    "argument 0" = [issensitive(flatten(sensitive([["a"], ["b"]]))), issensitive(jsonencode(flatten(sensitive([["a"], ["b"]]))))]
    "inside 0"   = [issensitive(flatten([[sensitive("a")], ["b"]])), issensitive(jsonencode(flatten([[sensitive("a")], ["b"]])))]
  }
}

output "index" {
  value = {
    "argument 0" = [issensitive(index(sensitive(["a", "b"]), "b")), issensitive(jsonencode(index(sensitive(["a", "b"]), "b")))]
    "inside 0"   = [issensitive(index([sensitive("a"), "b"], "b")), issensitive(jsonencode(index([sensitive("a"), "b"], "b")))]
    "argument 1" = [issensitive(index(["a", "b"], sensitive("b"))), issensitive(jsonencode(index(["a", "b"], sensitive("b"))))]
  }
}

output "keys" {
  value = {
    "argument 0" = [issensitive(keys(sensitive({ a = "b" }))), issensitive(jsonencode(keys(sensitive({ a = "b" }))))]
    "inside 0"   = [issensitive(keys({ a = sensitive("b") })), issensitive(jsonencode(keys({ a = sensitive("b") })))]
  }
}

output "length" {
  value = {
    "argument 0" = [issensitive(length(sensitive(["a", "b"]))), issensitive(jsonencode(length(sensitive(["a", "b"]))))]
    "inside 0"   = [issensitive(length([sensitive("a"), "b"])), issensitive(jsonencode(length([sensitive("a"), "b"])))]
  }
}

output "length_2" {
  value = {
    "argument 0" = [issensitive(length(sensitive({ a = "b" }))), issensitive(jsonencode(length(sensitive({ a = "b" }))))]
    "inside 0"   = [issensitive(length({ a = sensitive("b") })), issensitive(jsonencode(length({ a = sensitive("b") })))]
  }
}

output "length_3" {
  value = {
    "argument 0" = [issensitive(length(sensitive("abc"))), issensitive(jsonencode(length(sensitive("abc"))))]
  }
}

output "lookup" {
  value = {
    "argument 0" = [issensitive(lookup(sensitive({ a = "b" }), "a", "c")), issensitive(jsonencode(lookup(sensitive({ a = "b" }), "a", "c")))]
    "inside 0"   = [issensitive(lookup({ a = sensitive("b") }, "a", "c")), issensitive(jsonencode(lookup({ a = sensitive("b") }, "a", "c")))]
    "argument 1" = [issensitive(lookup({ a = "b" }, sensitive("a"), "c")), issensitive(jsonencode(lookup({ a = "b" }, sensitive("a"), "c")))]
    "argument 2" = [issensitive(lookup({ a = "b" }, "a", sensitive("c"))), issensitive(jsonencode(lookup({ a = "b" }, "a", sensitive("c"))))]
  }
}

output "lookup_2" {
  value = {
    "argument 0" = [issensitive(lookup(sensitive({ a = "b" }), "z", "c")), issensitive(jsonencode(lookup(sensitive({ a = "b" }), "z", "c")))]
    "inside 0"   = [issensitive(lookup({ a = sensitive("b") }, "z", "c")), issensitive(jsonencode(lookup({ a = sensitive("b") }, "z", "c")))]
    "argument 1" = [issensitive(lookup({ a = "b" }, sensitive("z"), "c")), issensitive(jsonencode(lookup({ a = "b" }, sensitive("z"), "c")))]
    "argument 2" = [issensitive(lookup({ a = "b" }, "z", sensitive("c"))), issensitive(jsonencode(lookup({ a = "b" }, "z", sensitive("c"))))]
  }
}

output "matchkeys" {
  value = {
    "argument 0" = [issensitive(matchkeys(sensitive(["a", "b"]), ["x", "y"], ["x"])), issensitive(jsonencode(matchkeys(sensitive(["a", "b"]), ["x", "y"], ["x"])))]
    "inside 0"   = [issensitive(matchkeys([sensitive("a"), "b"], ["x", "y"], ["x"])), issensitive(jsonencode(matchkeys([sensitive("a"), "b"], ["x", "y"], ["x"])))]
    "argument 1" = [issensitive(matchkeys(["a", "b"], sensitive(["x", "y"]), ["x"])), issensitive(jsonencode(matchkeys(["a", "b"], sensitive(["x", "y"]), ["x"])))]
    "inside 1"   = [issensitive(matchkeys(["a", "b"], [sensitive("x"), "y"], ["x"])), issensitive(jsonencode(matchkeys(["a", "b"], [sensitive("x"), "y"], ["x"])))]
    "argument 2" = [issensitive(matchkeys(["a", "b"], ["x", "y"], sensitive(["x"]))), issensitive(jsonencode(matchkeys(["a", "b"], ["x", "y"], sensitive(["x"]))))]
    "inside 2"   = [issensitive(matchkeys(["a", "b"], ["x", "y"], [sensitive("x")])), issensitive(jsonencode(matchkeys(["a", "b"], ["x", "y"], [sensitive("x")])))]
  }
}

output "merge" {
  value = {
    "argument 0" = [issensitive(merge(sensitive({ a = "b" }), { c = "d" })), issensitive(jsonencode(merge(sensitive({ a = "b" }), { c = "d" })))]
    "inside 0"   = [issensitive(merge({ a = sensitive("b") }, { c = "d" })), issensitive(jsonencode(merge({ a = sensitive("b") }, { c = "d" })))]
    "argument 1" = [issensitive(merge({ a = "b" }, sensitive({ c = "d" }))), issensitive(jsonencode(merge({ a = "b" }, sensitive({ c = "d" }))))]
    "inside 1"   = [issensitive(merge({ a = "b" }, { c = sensitive("d") })), issensitive(jsonencode(merge({ a = "b" }, { c = sensitive("d") })))]
  }
}

output "one" {
  value = {
    "argument 0" = [issensitive(one(sensitive(["a"]))), issensitive(jsonencode(one(sensitive(["a"]))))]
    "inside 0"   = [issensitive(one([sensitive("a")])), issensitive(jsonencode(one([sensitive("a")])))]
  }
}

output "range" {
  value = {
    "argument 0" = [issensitive(range(sensitive(1), 4, 2)), issensitive(jsonencode(range(sensitive(1), 4, 2)))]
    "argument 1" = [issensitive(range(1, sensitive(4), 2)), issensitive(jsonencode(range(1, sensitive(4), 2)))]
    "argument 2" = [issensitive(range(1, 4, sensitive(2))), issensitive(jsonencode(range(1, 4, sensitive(2))))]
  }
}

output "reverse" {
  value = {
    "argument 0" = [issensitive(reverse(sensitive(["a", "b"]))), issensitive(jsonencode(reverse(sensitive(["a", "b"]))))]
    "inside 0"   = [issensitive(reverse([sensitive("a"), "b"])), issensitive(jsonencode(reverse([sensitive("a"), "b"])))]
  }
}

output "setintersection" {
  value = {
    "argument 0" = [issensitive(setintersection(sensitive(["a", "b"]), ["a"])), issensitive(jsonencode(setintersection(sensitive(["a", "b"]), ["a"])))]
    "inside 0"   = [issensitive(setintersection([sensitive("a"), "b"], ["a"])), issensitive(jsonencode(setintersection([sensitive("a"), "b"], ["a"])))]
    "argument 1" = [issensitive(setintersection(["a", "b"], sensitive(["a"]))), issensitive(jsonencode(setintersection(["a", "b"], sensitive(["a"]))))]
    "inside 1"   = [issensitive(setintersection(["a", "b"], [sensitive("a")])), issensitive(jsonencode(setintersection(["a", "b"], [sensitive("a")])))]
  }
}

output "setproduct" {
  value = {
    "argument 0" = [issensitive(setproduct(sensitive(["a", "b"]), ["c"])), issensitive(jsonencode(setproduct(sensitive(["a", "b"]), ["c"])))]
    "inside 0"   = [issensitive(setproduct([sensitive("a"), "b"], ["c"])), issensitive(jsonencode(setproduct([sensitive("a"), "b"], ["c"])))]
    "argument 1" = [issensitive(setproduct(["a", "b"], sensitive(["c"]))), issensitive(jsonencode(setproduct(["a", "b"], sensitive(["c"]))))]
    "inside 1"   = [issensitive(setproduct(["a", "b"], [sensitive("c")])), issensitive(jsonencode(setproduct(["a", "b"], [sensitive("c")])))]
  }
}

output "setsubtract" {
  value = {
    "argument 0" = [issensitive(setsubtract(sensitive(["a", "b"]), ["a"])), issensitive(jsonencode(setsubtract(sensitive(["a", "b"]), ["a"])))]
    "inside 0"   = [issensitive(setsubtract([sensitive("a"), "b"], ["a"])), issensitive(jsonencode(setsubtract([sensitive("a"), "b"], ["a"])))]
    "argument 1" = [issensitive(setsubtract(["a", "b"], sensitive(["a"]))), issensitive(jsonencode(setsubtract(["a", "b"], sensitive(["a"]))))]
    "inside 1"   = [issensitive(setsubtract(["a", "b"], [sensitive("a")])), issensitive(jsonencode(setsubtract(["a", "b"], [sensitive("a")])))]
  }
}

output "setunion" {
  value = {
    "argument 0" = [issensitive(setunion(sensitive(["a"]), ["b"])), issensitive(jsonencode(setunion(sensitive(["a"]), ["b"])))]
    "inside 0"   = [issensitive(setunion([sensitive("a")], ["b"])), issensitive(jsonencode(setunion([sensitive("a")], ["b"])))]
    "argument 1" = [issensitive(setunion(["a"], sensitive(["b"]))), issensitive(jsonencode(setunion(["a"], sensitive(["b"]))))]
    "inside 1"   = [issensitive(setunion(["a"], [sensitive("b")])), issensitive(jsonencode(setunion(["a"], [sensitive("b")])))]
  }
}

output "slice" {
  value = {
    "argument 0" = [issensitive(slice(sensitive(["a", "b", "c"]), 1, 2)), issensitive(jsonencode(slice(sensitive(["a", "b", "c"]), 1, 2)))]
    "inside 0"   = [issensitive(slice([sensitive("a"), "b", "c"], 1, 2)), issensitive(jsonencode(slice([sensitive("a"), "b", "c"], 1, 2)))]
    "argument 1" = [issensitive(slice(["a", "b", "c"], sensitive(1), 2)), issensitive(jsonencode(slice(["a", "b", "c"], sensitive(1), 2)))]
    "argument 2" = [issensitive(slice(["a", "b", "c"], 1, sensitive(2))), issensitive(jsonencode(slice(["a", "b", "c"], 1, sensitive(2))))]
  }
}

output "sort" {
  value = {
    "argument 0" = [issensitive(sort(sensitive(["b", "a"]))), issensitive(jsonencode(sort(sensitive(["b", "a"]))))]
    "inside 0"   = [issensitive(sort([sensitive("b"), "a"])), issensitive(jsonencode(sort([sensitive("b"), "a"])))]
  }
}

output "transpose" {
  value = {
    "argument 0" = [issensitive(transpose(sensitive({ a = ["b"] }))), issensitive(jsonencode(transpose(sensitive({ a = ["b"] }))))]
    "inside 0"   = [issensitive(transpose({ a = sensitive(["b"]) })), issensitive(jsonencode(transpose({ a = sensitive(["b"]) })))]
  }
}

output "values" {
  value = {
    "argument 0" = [issensitive(values(sensitive({ a = "b" }))), issensitive(jsonencode(values(sensitive({ a = "b" }))))]
    "inside 0"   = [issensitive(values({ a = sensitive("b") })), issensitive(jsonencode(values({ a = sensitive("b") })))]
  }
}

output "zipmap" {
  value = {
    "argument 0" = [issensitive(zipmap(sensitive(["a", "b"]), ["c", "d"])), issensitive(jsonencode(zipmap(sensitive(["a", "b"]), ["c", "d"])))]
    "inside 0"   = [issensitive(zipmap([sensitive("a"), "b"], ["c", "d"])), issensitive(jsonencode(zipmap([sensitive("a"), "b"], ["c", "d"])))]
    "argument 1" = [issensitive(zipmap(["a", "b"], sensitive(["c", "d"]))), issensitive(jsonencode(zipmap(["a", "b"], sensitive(["c", "d"]))))]
    "inside 1"   = [issensitive(zipmap(["a", "b"], [sensitive("c"), "d"])), issensitive(jsonencode(zipmap(["a", "b"], [sensitive("c"), "d"])))]
  }
}

output "base64decode" {
  value = {
    "argument 0" = [issensitive(base64decode(sensitive("YQ=="))), issensitive(jsonencode(base64decode(sensitive("YQ=="))))]
  }
}

output "base64encode" {
  value = {
    "argument 0" = [issensitive(base64encode(sensitive("a"))), issensitive(jsonencode(base64encode(sensitive("a"))))]
  }
}

output "csvdecode" {
  value = {
    "argument 0" = [issensitive(csvdecode(sensitive("a,b\n1,2\n"))), issensitive(jsonencode(csvdecode(sensitive("a,b\n1,2\n"))))]
  }
}

output "jsondecode" {
  value = {
    "argument 0" = [issensitive(jsondecode(sensitive("[1]"))), issensitive(jsonencode(jsondecode(sensitive("[1]"))))]
  }
}

output "jsonencode" {
  value = {
    "argument 0" = [issensitive(jsonencode(sensitive([1]))), issensitive(jsonencode(jsonencode(sensitive([1]))))]
    "inside 0"   = [issensitive(jsonencode([sensitive(1)])), issensitive(jsonencode(jsonencode([sensitive(1)])))]
  }
}

output "textdecodebase64" {
  value = {
    "argument 0" = [issensitive(textdecodebase64(sensitive("YQA="), "UTF-16LE")), issensitive(jsonencode(textdecodebase64(sensitive("YQA="), "UTF-16LE")))]
    "argument 1" = [issensitive(textdecodebase64("YQA=", sensitive("UTF-16LE"))), issensitive(jsonencode(textdecodebase64("YQA=", sensitive("UTF-16LE"))))]
  }
}

output "textencodebase64" {
  value = {
    "argument 0" = [issensitive(textencodebase64(sensitive("a"), "UTF-16LE")), issensitive(jsonencode(textencodebase64(sensitive("a"), "UTF-16LE")))]
    "argument 1" = [issensitive(textencodebase64("a", sensitive("UTF-16LE"))), issensitive(jsonencode(textencodebase64("a", sensitive("UTF-16LE"))))]
  }
}

output "urlencode" {
  value = {
    "argument 0" = [issensitive(urlencode(sensitive("a b"))), issensitive(jsonencode(urlencode(sensitive("a b"))))]
  }
}

output "yamldecode" {
  value = {
    "argument 0" = [issensitive(yamldecode(sensitive("[1]"))), issensitive(jsonencode(yamldecode(sensitive("[1]"))))]
  }
}

output "yamlencode" {
  value = {
    "argument 0" = [issensitive(yamlencode(sensitive([1]))), issensitive(jsonencode(yamlencode(sensitive([1]))))]
    "inside 0"   = [issensitive(yamlencode([sensitive(1)])), issensitive(jsonencode(yamlencode([sensitive(1)])))]
  }
}

output "abspath" {
  value = {
    "argument 0" = [issensitive(abspath(sensitive("/a"))), issensitive(jsonencode(abspath(sensitive("/a"))))]
  }
}

output "basename" {
  value = {
    "argument 0" = [issensitive(basename(sensitive("/a/b"))), issensitive(jsonencode(basename(sensitive("/a/b"))))]
  }
}

output "dirname" {
  value = {
    "argument 0" = [issensitive(dirname(sensitive("/a/b"))), issensitive(jsonencode(dirname(sensitive("/a/b"))))]
  }
}

output "pathexpand" {
  value = {
    "argument 0" = [issensitive(pathexpand(sensitive("/a"))), issensitive(jsonencode(pathexpand(sensitive("/a"))))]
  }
}

output "fileexists" {
  value = {
    "argument 0" = [issensitive(fileexists(sensitive("main.tf"))), issensitive(jsonencode(fileexists(sensitive("main.tf"))))]
  }
}

output "formatdate" {
  value = {
    "argument 0" = [issensitive(formatdate(sensitive("YYYY"), "2026-01-01T00:00:00Z")), issensitive(jsonencode(formatdate(sensitive("YYYY"), "2026-01-01T00:00:00Z")))]
    "argument 1" = [issensitive(formatdate("YYYY", sensitive("2026-01-01T00:00:00Z"))), issensitive(jsonencode(formatdate("YYYY", sensitive("2026-01-01T00:00:00Z"))))]
  }
}

output "timeadd" {
  value = {
    "argument 0" = [issensitive(timeadd(sensitive("2026-01-01T00:00:00Z"), "1h")), issensitive(jsonencode(timeadd(sensitive("2026-01-01T00:00:00Z"), "1h")))]
    "argument 1" = [issensitive(timeadd("2026-01-01T00:00:00Z", sensitive("1h"))), issensitive(jsonencode(timeadd("2026-01-01T00:00:00Z", sensitive("1h"))))]
  }
}

output "timecmp" {
  value = {
    "argument 0" = [issensitive(timecmp(sensitive("2026-01-01T00:00:00Z"), "2026-01-01T00:00:00Z")), issensitive(jsonencode(timecmp(sensitive("2026-01-01T00:00:00Z"), "2026-01-01T00:00:00Z")))]
    "argument 1" = [issensitive(timecmp("2026-01-01T00:00:00Z", sensitive("2026-01-01T00:00:00Z"))), issensitive(jsonencode(timecmp("2026-01-01T00:00:00Z", sensitive("2026-01-01T00:00:00Z"))))]
  }
}

output "base64sha256" {
  value = {
    "argument 0" = [issensitive(base64sha256(sensitive("a"))), issensitive(jsonencode(base64sha256(sensitive("a"))))]
  }
}

output "base64sha512" {
  value = {
    "argument 0" = [issensitive(base64sha512(sensitive("a"))), issensitive(jsonencode(base64sha512(sensitive("a"))))]
  }
}

output "md5" {
  value = {
    "argument 0" = [issensitive(md5(sensitive("a"))), issensitive(jsonencode(md5(sensitive("a"))))]
  }
}

output "sha1" {
  value = {
    "argument 0" = [issensitive(sha1(sensitive("a"))), issensitive(jsonencode(sha1(sensitive("a"))))]
  }
}

output "sha256" {
  value = {
    "argument 0" = [issensitive(sha256(sensitive("a"))), issensitive(jsonencode(sha256(sensitive("a"))))]
  }
}

output "sha512" {
  value = {
    "argument 0" = [issensitive(sha512(sensitive("a"))), issensitive(jsonencode(sha512(sensitive("a"))))]
  }
}

output "uuidv5" {
  value = {
    "argument 0" = [issensitive(uuidv5(sensitive("dns"), "a.example")), issensitive(jsonencode(uuidv5(sensitive("dns"), "a.example")))]
    "argument 1" = [issensitive(uuidv5("dns", sensitive("a.example"))), issensitive(jsonencode(uuidv5("dns", sensitive("a.example"))))]
  }
}

output "cidrhost" {
  value = {
    "argument 0" = [issensitive(cidrhost(sensitive("10.0.0.0/8"), 1)), issensitive(jsonencode(cidrhost(sensitive("10.0.0.0/8"), 1)))]
    "argument 1" = [issensitive(cidrhost("10.0.0.0/8", sensitive(1))), issensitive(jsonencode(cidrhost("10.0.0.0/8", sensitive(1))))]
  }
}

output "cidrnetmask" {
  value = {
    "argument 0" = [issensitive(cidrnetmask(sensitive("10.0.0.0/8"))), issensitive(jsonencode(cidrnetmask(sensitive("10.0.0.0/8"))))]
  }
}

output "cidrsubnet" {
  value = {
    "argument 0" = [issensitive(cidrsubnet(sensitive("10.0.0.0/8"), 8, 1)), issensitive(jsonencode(cidrsubnet(sensitive("10.0.0.0/8"), 8, 1)))]
    "argument 1" = [issensitive(cidrsubnet("10.0.0.0/8", sensitive(8), 1)), issensitive(jsonencode(cidrsubnet("10.0.0.0/8", sensitive(8), 1)))]
    "argument 2" = [issensitive(cidrsubnet("10.0.0.0/8", 8, sensitive(1))), issensitive(jsonencode(cidrsubnet("10.0.0.0/8", 8, sensitive(1))))]
  }
}

output "cidrsubnets" {
  value = {
    "argument 0" = [issensitive(cidrsubnets(sensitive("10.0.0.0/8"), 8, 8)), issensitive(jsonencode(cidrsubnets(sensitive("10.0.0.0/8"), 8, 8)))]
    "argument 1" = [issensitive(cidrsubnets("10.0.0.0/8", sensitive(8), 8)), issensitive(jsonencode(cidrsubnets("10.0.0.0/8", sensitive(8), 8)))]
    "argument 2" = [issensitive(cidrsubnets("10.0.0.0/8", 8, sensitive(8))), issensitive(jsonencode(cidrsubnets("10.0.0.0/8", 8, sensitive(8))))]
  }
}

output "tobool" {
  value = {
    "argument 0" = [issensitive(tobool(sensitive("true"))), issensitive(jsonencode(tobool(sensitive("true"))))]
  }
}

output "tolist" {
  value = {
    "argument 0" = [issensitive(tolist(sensitive(["a", "b"]))), issensitive(jsonencode(tolist(sensitive(["a", "b"]))))]
    "inside 0"   = [issensitive(tolist([sensitive("a"), "b"])), issensitive(jsonencode(tolist([sensitive("a"), "b"])))]
  }
}

output "tomap" {
  value = {
    "argument 0" = [issensitive(tomap(sensitive({ a = "b" }))), issensitive(jsonencode(tomap(sensitive({ a = "b" }))))]
    "inside 0"   = [issensitive(tomap({ a = sensitive("b") })), issensitive(jsonencode(tomap({ a = sensitive("b") })))]
  }
}

output "tonumber" {
  value = {
    "argument 0" = [issensitive(tonumber(sensitive("1"))), issensitive(jsonencode(tonumber(sensitive("1"))))]
  }
}

output "toset" {
  value = {
    "argument 0" = [issensitive(toset(sensitive(["a", "b"]))), issensitive(jsonencode(toset(sensitive(["a", "b"]))))]
    "inside 0"   = [issensitive(toset([sensitive("a"), "b"])), issensitive(jsonencode(toset([sensitive("a"), "b"])))]
  }
}

output "tostring" {
  value = {
    "argument 0" = [issensitive(tostring(sensitive(1))), issensitive(jsonencode(tostring(sensitive(1))))]
  }
}

output "try" {
  value = {
    "argument 0" = [issensitive(try(sensitive("a"), "b")), issensitive(jsonencode(try(sensitive("a"), "b")))]
    "argument 1" = [issensitive(try("a", sensitive("b"))), issensitive(jsonencode(try("a", sensitive("b"))))]
  }
}

output "issensitive" {
  value = {
    "argument 0" = [issensitive(issensitive(sensitive("a"))), issensitive(jsonencode(issensitive(sensitive("a"))))]
  }
}

output "sensitive" {
  value = {
    "argument 0" = [issensitive(sensitive(sensitive("a"))), issensitive(jsonencode(sensitive(sensitive("a"))))]
  }
}

output "ephemeralasnull" {
  value = {
    "argument 0" = [issensitive(ephemeralasnull(sensitive("a"))), issensitive(jsonencode(ephemeralasnull(sensitive("a"))))]
  }
}

output "templatefile" {
  value = {
    "argument 0" = [issensitive(templatefile(sensitive("t.tftpl"), { a = "b" })), issensitive(jsonencode(templatefile(sensitive("t.tftpl"), { a = "b" })))]
    "argument 1" = [issensitive(templatefile("t.tftpl", sensitive({ a = "b" }))), issensitive(jsonencode(templatefile("t.tftpl", sensitive({ a = "b" }))))]
    "inside 1"   = [issensitive(templatefile("t.tftpl", { a = sensitive("b") })), issensitive(jsonencode(templatefile("t.tftpl", { a = sensitive("b") })))]
  }
}
