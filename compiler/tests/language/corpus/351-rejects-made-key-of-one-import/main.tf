locals {
  name = "a"
}

import {
  to = terraform_data.each[local.name]
  id = "x"
}

resource "terraform_data" "each" {
  for_each = toset(["a"])
}
