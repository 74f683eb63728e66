output "a" {
  value = <<EOT
x
}
