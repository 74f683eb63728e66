module "m" {
  source = "./m"
}

variable "x" {
  const   = true
  default = 1
}
