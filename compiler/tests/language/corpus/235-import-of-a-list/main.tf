locals {
  ids = ["one", "two"]
}
resource "terraform_data" "x" {
  count = 2
}
import {
  for_each = local.ids
  to       = terraform_data.x[each.key]
  id       = each.value
}
output "o" {
  value = length(terraform_data.x)
}
