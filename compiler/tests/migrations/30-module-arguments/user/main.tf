variable "token" {
  type      = string
  sensitive = true
}

variable "tokens" {
  type = list(string)
}

variable "labels" {
  type = map(string)
}
