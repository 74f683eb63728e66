output "o" {
  value = yamldecode("a: &a {x: 1}\nb: &b {y: 2}\nc:\n  <<: [*a, *b]\n")
}
