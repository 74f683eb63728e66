module "child" {
  source      = "./child"
  plain       = null
  not_null    = null
  typed       = "5"
  with_fields = { a = "x" }
}
output "all" { value = module.child.all }
