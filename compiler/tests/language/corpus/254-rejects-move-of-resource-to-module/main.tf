resource "terraform_data" "x" {
}

moved {
  from = terraform_data.a
  to   = module.a
}
