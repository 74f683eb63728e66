variable "secret" {
  default   = "./m"
  sensitive = true
  const     = true
}
