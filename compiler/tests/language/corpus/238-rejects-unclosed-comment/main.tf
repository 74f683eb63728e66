# A comment that nobody closes swallows what follows it.
output "before" {
  value = 1
}

/* not closed
output "after" {
  value = 2
}
