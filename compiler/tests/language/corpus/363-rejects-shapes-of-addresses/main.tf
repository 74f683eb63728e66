removed {
  from = resource.terraform_data.x
}

removed {
  from = terraform_data
}

removed {
  from = terraform_data.a.b
}

import {
  to = terraform_data.q.id
  id = "a"
}

import {
  to = module.m
  id = "a"
}
