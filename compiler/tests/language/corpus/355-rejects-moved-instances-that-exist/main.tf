moved {
  from = terraform_data.counted[1]
  to   = terraform_data.gone
}

moved {
  from = terraform_data.each["a"]
  to   = terraform_data.each["b"]
}

moved {
  from = module.m["a"]
  to   = module.m["b"]
}

moved {
  from = terraform_data.counted[2]
  to   = terraform_data.counted[0]
}

resource "terraform_data" "counted" {
  count = 2
}

resource "terraform_data" "each" {
  for_each = toset(["a"])
}

module "m" {
  source   = "./m"
  for_each = toset(["a"])
}
