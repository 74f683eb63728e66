import {
  to = module.m["b"].terraform_data.x
  id = "a"
}

import {
  to = module.m.terraform_data.x
  id = "b"
}

module "m" {
  source   = "./m"
  for_each = toset(["a"])
}
