variable "id" {
  type = string
}

import {
  to = terraform_data.x
  id = "${var.id}-x"
}

import {
  to = terraform_data.y
  id = "${var.id}-y"
}

resource "terraform_data" "x" {
  input = var.id
}

resource "terraform_data" "y" {
}
