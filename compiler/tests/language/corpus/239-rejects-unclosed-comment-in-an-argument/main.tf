output "a" {
  value = 1 /* not closed
}
