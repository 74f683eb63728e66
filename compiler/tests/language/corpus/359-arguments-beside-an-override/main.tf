module "m" {
  source = "./m"
  a      = 1
  other  = 2
}

resource "terraform_data" "x" {
  input = 1
  other = 2
}

output "module" {
  value = module.m.o
}

output "resource" {
  value = terraform_data.x.input
}
