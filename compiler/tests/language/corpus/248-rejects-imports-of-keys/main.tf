resource "terraform_data" "one" {
}

resource "terraform_data" "each" {
  for_each = toset(["a"])
}

resource "terraform_data" "count" {
  count = 1
}

import {
  to = terraform_data.one["b"]
  id = "i"
}

import {
  to = terraform_data.each
  id = "i"
}

import {
  to = terraform_data.count["0"]
  id = "i"
}
