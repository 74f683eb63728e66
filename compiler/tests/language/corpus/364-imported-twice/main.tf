import {
  for_each = ["a", "a"]
  to       = terraform_data.x[each.value]
  id       = "1"
}

import {
  for_each = toset(["b"])
  to       = terraform_data.x[each.key]
  id       = "3"
}

import {
  to = terraform_data.x["b"]
  id = "2"
}

resource "terraform_data" "x" {
  for_each = toset(["a", "b"])
}
