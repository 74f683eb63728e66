module "m" {
  source = "./m"
  b      = 1
}
