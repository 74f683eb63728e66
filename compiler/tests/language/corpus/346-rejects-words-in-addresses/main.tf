moved {
  from = terraform_data.a
  to   = count.x
}

moved {
  from = var.x
  to   = terraform_data.b
}

moved {
  from = terraform_data.c
  to   = template.x
}

moved {
  from = terraform_data.f
  to   = module.x.local.y
}

moved {
  from = terraform_data.e
  to   = resource.x
}
