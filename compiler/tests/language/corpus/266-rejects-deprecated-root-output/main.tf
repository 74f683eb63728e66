output "a" {
  value      = "x"
  deprecated = "use b"
}
