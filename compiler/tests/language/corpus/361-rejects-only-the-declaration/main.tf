variable "a" {
  type = foo
}

variable "b" {
  type    = object({ x = optional(foo) })
  default = 5
}

variable "c" {
  type     = number
  nullable = "x"
}

variable "d" {
  sensitive = "x"
}

variable "e" {
  nope = 1
}
