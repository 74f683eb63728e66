output "o" {
  value = yamldecode("[a]: b")
}
