module "m" {
  source = "./none"
}
