locals {
  list = [1, 2]
  map  = { one = 1 }
  text = "x"
}

output "index" {
  value = local.list[2]
#                   ^^^ error[invalid-index]: There is no element 2: the collection has 2.
}

output "key" {
  value = local.map["onee"]
#                  ^^^^^^^^ error[invalid-index]: There is no element with the key "onee" in this collection value.
#                  hint: did you mean "one"?
}

output "attribute" {
  value = local.map.onee
#                   ^^^^ error[unsupported-attribute]: This object does not have an attribute named "onee".
#                   hint: did you mean "one"?
}

output "operand" {
  value = local.text + 1
#         ^^^^^^^^^^ error[invalid-operand]: Unsuitable value for left operand: a number is required.
}

output "function" {
  value = uper(local.text)
#         ^^^^ error[unknown-function]: There is no function named "uper".
#         hint: did you mean "upper"?
}

output "argument" {
  value = join(",", "a")
#                   ^^^ error[invalid-argument]: Invalid value for the "lists" parameter of join: list of string required, but have string.
}

output "failed" {
  value = cidrhost("10.0.0.0/33", 1)
#                  ^^^^^^^^^^^^^ error[invalid-argument]: Invalid value for the "prefix" parameter of cidrhost: invalid CIDR expression: "10.0.0.0/33" is not an address range such as 10.0.0.0/8.
}

output "home" {
  value = pathexpand("~x/a")
#         ^^^^^^^^^^^^^^^^^^ error[function-failed]: Call to function "pathexpand" failed: cannot expand user-specific home dir.
}

output "division" {
  value = 1 / 0
#         ^^^^^ error[division-by-zero]: The right operand is zero.
}

output "zero_by_zero" {
  value = 0 / 0
#         ^^^^^ error[division-by-zero]: Error during operation: can't divide zero by zero or infinity by infinity.
}

output "template" {
  value = "a ${local.list} b"
#              ^^^^^^^^^^ error[wrong-type]: This value cannot be part of a text: string required, but have tuple.
#              hint: jsonencode() writes any value as text; join() writes a list
}

output "branches" {
  value = true ? { a = 1 } : ["b"]
#                ^^^^^^^^^^^^^^^^^ error[inconsistent-types]: Both results must have the same type. The 'true' result is an object with the attributes a, the 'false' result is a tuple of 1.
}

output "secret" {
# ^^^^^^^^^^^^^ error[sensitive-output]: A root module's output shows its value, and this one is, or contains, something sensitive.
# hint: set `sensitive = true` in the output block
# hint: nonsensitive(…) says that a part of it may be shown
  value = sensitive("do not show")
}
