import {
  to = resource.terraform_data.c
  id = "c"
}

resource "terraform_data" "b" {}

resource "terraform_data" "c" {}
