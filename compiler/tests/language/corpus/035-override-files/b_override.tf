resource "terraform_data" "r" {
  input = "b"
}
