import {
  to = terraform_data.y[local.f]
  id = "a"
}

resource "terraform_data" "y" {
  for_each = { a = 1 }
}
