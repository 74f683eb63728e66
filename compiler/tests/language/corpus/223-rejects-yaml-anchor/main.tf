output "o" {
  value = yamldecode("a: *nowhere")
}
