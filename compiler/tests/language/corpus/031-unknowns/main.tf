resource "terraform_data" "x" {
  input = { a = 1, b = "t" }
}
resource "terraform_data" "null" {}
output "output" { value = terraform_data.x.output }
output "output_attribute" { value = terraform_data.x.output.a }
output "id" { value = terraform_data.x.id }
output "input" { value = terraform_data.x.input }
output "template" { value = "id-${terraform_data.x.id}" }
output "template_is_null" { value = "id-${terraform_data.x.id}" == null }
output "prefix_differs" { value = "id-${terraform_data.x.id}" == "other" }
output "prefix_may_equal" { value = "id-${terraform_data.x.id}" == "id-5" }
output "starts" { value = startswith("id-${terraform_data.x.id}", "id-") }
output "starts_not" { value = startswith("id-${terraform_data.x.id}", "x") }
output "starts_maybe" { value = startswith("id-${terraform_data.x.id}", "id-5") }
output "is_null" { value = terraform_data.x.id == null }
output "sum" { value = terraform_data.x.output.a + 1 }
output "list" { value = [1, terraform_data.x.id] }
output "object" { value = { a = 1, b = terraform_data.x.id } }
output "and_false" { value = false && terraform_data.x.output.a == 1 }
output "or_true" { value = true || terraform_data.x.output.a == 1 }
output "and_true" { value = true && terraform_data.x.output.a == 1 }
output "conditional" { value = terraform_data.x.output.a == 1 ? "a" : "b" }
output "conditional_same" { value = terraform_data.x.output.a == 1 ? [1] : [2] }
output "upper" { value = upper(terraform_data.x.id) }
output "length_of_list" { value = length([terraform_data.x.id, 1]) }
output "length_of_set" { value = length(toset([terraform_data.x.id, "a"])) }
output "length_of_single_set" { value = length(toset([terraform_data.x.id])) }
output "join" { value = join(",", ["a", terraform_data.x.id]) }
output "concat" { value = concat([terraform_data.x.id], ["b"]) }
output "merge" { value = merge({ a = terraform_data.x.id }, { b = 1 }) }
output "keys" { value = keys({ a = terraform_data.x.id }) }
output "values" { value = values({ a = terraform_data.x.id, b = 1 }) }
output "lookup" { value = lookup({ a = terraform_data.x.id, b = 1 }, "b", 2) }
output "for" { value = [for x in [terraform_data.x.id, "b"] : upper(x)] }
output "for_if" { value = [for x in [terraform_data.x.id, "b"] : x if x == "b"] }
output "for_keys" { value = { for x in [terraform_data.x.id, "b"] : x => 1 } }
output "for_object" { value = { for k, v in { a = terraform_data.x.id } : k => v } }
output "index" { value = ["a", "b"][terraform_data.x.output.a] }
output "element" { value = element(["a", terraform_data.x.id], 0) }
output "flatten" { value = flatten([["a"], [terraform_data.x.id]]) }
output "coalesce" { value = coalesce(null, terraform_data.x.id) }
output "coalesce_known" { value = coalesce("a", terraform_data.x.id) }
output "try" { value = try(terraform_data.x.id, "d") }
output "can" { value = can(terraform_data.x.id) }
output "contains" { value = contains(["a", terraform_data.x.id], "a") }
output "contains_maybe" { value = contains(["b", terraform_data.x.id], "a") }
output "jsonencode" { value = jsonencode({ a = terraform_data.x.id }) }
output "sort" { value = sort([terraform_data.x.id, "a"]) }
output "toset" { value = toset([terraform_data.x.id, "a"]) }
output "tolist" { value = tolist([terraform_data.x.id, "a"]) }
output "tomap" { value = tomap({ a = terraform_data.x.id, b = "x" }) }
output "zipmap" { value = zipmap(["a"], [terraform_data.x.id]) }
output "distinct" { value = distinct(["a", terraform_data.x.id]) }
output "splat" { value = [terraform_data.x][*].id }
output "splat_known" { value = [terraform_data.x][*].input.a }
output "null_output" { value = terraform_data.null.output }
output "null_input" { value = terraform_data.null.input }
output "null_splat" { value = terraform_data.null.output[*] }
output "id_splat" { value = terraform_data.x.id[*] }
output "formatlist" { value = formatlist("%s-%s", ["a", "b"], terraform_data.x.id) }
output "format" { value = format("%s", terraform_data.x.id) }
output "slice" { value = slice(["a", terraform_data.x.id], 0, 1) }
output "reverse" { value = reverse(["a", terraform_data.x.id]) }
output "equal_lists" { value = ["a", terraform_data.x.id] == ["b", terraform_data.x.id] }
output "equal_objects" { value = { a = terraform_data.x.id } == { b = 1 } }
output "tostring" { value = tostring(terraform_data.x.id) }
output "sum_list" { value = sum([1, terraform_data.x.output.a]) }
output "max" { value = max(1, terraform_data.x.output.a) }
output "compact" { value = compact(["", terraform_data.x.id]) }
output "one" { value = one([terraform_data.x.id]) }
output "setunion" { value = setunion(["a"], [terraform_data.x.id]) }
output "chunklist" { value = chunklist(["a", terraform_data.x.id], 1) }
output "alltrue_false" { value = alltrue([false, terraform_data.x.output.a == 1]) }
output "anytrue_true" { value = anytrue([true, terraform_data.x.output.a == 1]) }
output "anytrue" { value = anytrue([false, terraform_data.x.output.a == 1]) }
output "timestamp" { value = timestamp() }
output "uuid" { value = uuid() }
output "timestamp_prefix" { value = "at ${timestamp()}" }
output "directive" { value = "%{ if terraform_data.x.output.a == 1 }a%{ else }b%{ endif }" }
output "directive_for" { value = "%{ for x in [terraform_data.x.id] }${x}%{ endfor }" }
output "not" { value = !(terraform_data.x.output.a == 1) }
output "negative" { value = -terraform_data.x.output.a }
output "range" { value = range(terraform_data.x.output.a) }
output "regex" { value = regex("(a)", terraform_data.x.id) }
output "split" { value = split(",", terraform_data.x.id) }
output "jsondecode" { value = jsondecode(terraform_data.x.id) }
output "setproduct" { value = setproduct(["a", "b"], [terraform_data.x.id]) }
output "transpose" { value = transpose({ a = [terraform_data.x.id] }) }
output "substr" { value = substr(terraform_data.x.id, 0, 1) }
output "strcontains" { value = strcontains(terraform_data.x.id, "a") }
output "parseint" { value = parseint(terraform_data.x.id, 10) }
output "issensitive" { value = issensitive(terraform_data.x.id) }
output "base64" { value = base64encode(terraform_data.x.id) }
output "sha" { value = sha256(terraform_data.x.id) }
output "coalescelist" { value = coalescelist([], [terraform_data.x.id]) }
output "index_function" { value = index(["a", terraform_data.x.id], "a") }
output "lookup_unknown_key" { value = lookup({ a = 1 }, terraform_data.x.id, 2) }
output "conditional_null" { value = terraform_data.x.output.a == 1 ? null : "b" }
output "conditional_objects" { value = terraform_data.x.output.a == 1 ? { a = 1 } : { a = "x" } }
output "nested" { value = { a = [{ b = terraform_data.x.id }] } }
