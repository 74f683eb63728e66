output "o" {
  value = yamldecode("a: &a text\nb:\n  <<: *a\n")
}
