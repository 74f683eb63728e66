output "o" {
  value = yamldecode("")
}
