import {
  for_each = sensitive(["a"])
  to       = terraform_data.x[each.value]
  id       = "1"
}

resource "terraform_data" "x" {
  for_each = toset(["a"])
}
