terraform {
  required_version = "< 1.16"
}

resource "terraform_data" "a" {
  lifecycle {
    destroy = false
  }
}
