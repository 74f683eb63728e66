resource "terraform_data" "replace" {
  store {
    replace = "maybe"
  }
}

resource "terraform_data" "nothing" {
  store {
    nothing = 1
  }
}

resource "terraform_data" "whole" {
  store {
    input = "x"
  }
}
