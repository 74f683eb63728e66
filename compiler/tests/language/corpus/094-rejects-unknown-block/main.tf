outptu "a" {
  value = 1
}
