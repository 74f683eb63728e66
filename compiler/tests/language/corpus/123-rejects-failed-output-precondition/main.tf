output "a" {
  value = 1
  precondition {
    condition     = 1 == 2
    error_message = "no"
  }
}
