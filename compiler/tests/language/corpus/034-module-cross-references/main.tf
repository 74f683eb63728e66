module "a" {
  source = "./child"
  value  = 1
}
module "b" {
  source = "./child"
  value  = module.a.next
}
module "self" {
  source = "./pair"
  in     = module.self.constant
}
output "b" { value = module.b.next }
output "self" { value = module.self.echo }
