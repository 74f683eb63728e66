resource "terraform_data" "x" {
}

resource "terraform_data" "list" {
  count = 1
}

moved {
  from = terraform_data.a
  to   = terraform_data.b
}

moved {
  from = terraform_data.b
  to   = terraform_data.x
}

moved {
  from = terraform_data.list
  to   = terraform_data.list[0]
}


output "x" {
  value = 1
}
