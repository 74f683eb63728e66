output "o" {
  value = yamldecode("!mine x")
}
