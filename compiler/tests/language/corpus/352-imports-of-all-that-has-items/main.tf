import {
  for_each = null
  to       = terraform_data.x[each.key]
  id       = each.key
}

import {
  for_each = toset([{ key = "b", number = 2 }])
  to       = terraform_data.x[each.value.key]
  id       = each.value.number
}

import {
  for_each = sensitive({ c = "3" })
  to       = terraform_data.x[each.key]
  id       = each.value
}

import {
  for_each = ["d"]
  to       = terraform_data.x[each.value]
  id       = "4"
}

resource "terraform_data" "x" {
  for_each = toset(["a", "b", "c", "d", "e"])
}
