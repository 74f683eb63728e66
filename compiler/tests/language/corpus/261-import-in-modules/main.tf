module "one" {
  source = "./m"
  id     = "one"
}

module "each" {
  source   = "./m"
  for_each = toset(["a", "b"])
  id       = each.key
}

import {
  to = module.one.terraform_data.y
  id = "instead"
}

output "one" {
  value = module.one != null
}
