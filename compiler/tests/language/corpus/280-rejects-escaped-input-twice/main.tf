module "again" {
  source = "./m"
  n      = 2
  _ {
    n = 3
  }
}
