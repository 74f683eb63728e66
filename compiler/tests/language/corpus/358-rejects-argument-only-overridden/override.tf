module "m" {
  b = 2
  c = 3
}
