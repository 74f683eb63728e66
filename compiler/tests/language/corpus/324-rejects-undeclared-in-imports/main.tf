import {
  to = terraform_data.x
  id = local.d
}

import {
  for_each = toset(local.e)
  to       = terraform_data.y[each.key]
  id       = each.value
}

resource "terraform_data" "x" {}

resource "terraform_data" "y" {
  for_each = { a = 1 }
}
