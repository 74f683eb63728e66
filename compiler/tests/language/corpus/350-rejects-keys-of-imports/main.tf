locals {
  name = "a"
}

import {
  for_each = toset(["1"])
  to       = terraform_data.each["${local.name}${each.value}"]
  id       = "x"
}

import {
  for_each = toset(["1"])
  to       = terraform_data.counted[tonumber(each.key)]
  id       = "x"
}

resource "terraform_data" "each" {
  for_each = toset(["a1"])
}

resource "terraform_data" "counted" {
  count = 2
}
