resource "terraform_data" "x" {
  connection {
    host = local.none
  }
}
