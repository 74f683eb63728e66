variable "a" {
  type    = set
  default = []
}
