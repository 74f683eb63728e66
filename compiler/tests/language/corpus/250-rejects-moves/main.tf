resource "terraform_data" "x" {
}

resource "terraform_data" "y" {
}

resource "terraform_data" "list" {
  count = 2
}

moved {
  from = terraform_data.x
  to   = terraform_data.z
}

moved {
  from = terraform_data.y
  to   = terraform_data.y[0]
}

moved {
  from = terraform_data.a
  to   = terraform_data.b
}

moved {
  from = terraform_data.c
  to   = terraform_data.b
}

moved {
  from = terraform_data.d
  to   = terraform_data.d
}
