terraform {
  required_version = "> 1.10, != 1.12.0"
}

output "a" {
  value = "a"
}
