resource "terraform_data" "again" {
  input = "x"
  _ {
    input = "x"
  }
}

resource "terraform_data" "no_such" {
  _ {
    count = 2
  }
}

resource "terraform_data" "block" {
  _ {
    input = 1
    lifecycle {
      prevent_destroy = true
    }
  }
}
