module "no_such" {
  source = "./m"
  _ {
    n     = 3
    count = 2
  }
}
