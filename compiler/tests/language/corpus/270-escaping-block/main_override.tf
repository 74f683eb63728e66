resource "terraform_data" "b" {
  _ {
    input = "of the override"
  }
}

resource "terraform_data" "c" {
  triggers_replace = "outside"

  _ {
    input = "inside"
  }
}
