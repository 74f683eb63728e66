module "m" {
  source = "./m"
  count  = "x"
}
