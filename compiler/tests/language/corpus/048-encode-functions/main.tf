terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}
output "tfvars" {
  value = provider::terraform::encode_tfvars({ name = "x", list = [1, "a"], object = { a = true, longer = null }, long_name = "q\"$${x}" })
}
output "simple" { value = provider::terraform::encode_tfvars({ a = 1, bcd = "x" }) }
output "expr" { value = provider::terraform::encode_expr({ a = [1, { b = "c" }], "d e" = [] }) }
output "expr_list" { value = provider::terraform::encode_expr([1, "two"]) }
output "expr_text" { value = provider::terraform::encode_expr("a\nb") }
output "decode" { value = provider::terraform::decode_tfvars("a = 1\nb = [\"x\"]\n") }
