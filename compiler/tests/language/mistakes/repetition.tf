resource "lanyard_service_account" "list" {
  for_each = ["a"]
#            ^^^^^ error[invalid-for-each]: The given "for_each" argument value is unsuitable: it must be a map, or a set of strings, and this is a value of type tuple.
#            hint: toset(…) makes a set of a list
  name     = each.key
}

resource "lanyard_service_account" "fraction" {
  count = 1.5
#         ^^^ error[invalid-count]: The given "count" argument value is unsuitable: it must be a whole number.
  name  = "x"
}

resource "lanyard_service_account" "unknown" {
  for_each = data.aws_accounts.all.names
  name     = each.key
  roles    = each.nothing
#            ^^^^^^^^^^^^ error[invalid-reference]: The "each" object has only the attributes "key" and "value".
}

data "aws_accounts" "all" {
}

resource "lanyard_service_account" "counted" {
  count = 2
  name  = "x${count.index}"
}

output "whole" {
  value = lanyard_service_account.counted.id
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[missing-instance-key]: Because lanyard_service_account.counted has "count" set, its attributes must be accessed on specific instances.
#         hint: for example lanyard_service_account.counted[count.index], or lanyard_service_account.counted[*] for all of them
}

output "beyond" {
  value = lanyard_service_account.counted[5].id
#                                        ^^^ error[invalid-index]: There is no element 5: the collection has 2.
}
