module "m" {
  source  = "./n"
  another = 3
}

resource "terraform_data" "x" {
  another = 3
  nobody {}
}
