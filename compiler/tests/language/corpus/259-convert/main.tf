output "list" { value = convert(["1", "2"], list(number)) }
output "object" { value = convert({ a = 1 }, object({ a = string, b = optional(string, "x"), c = optional(number) })) }
output "null" { value = convert(null, string) }
output "any" { value = convert([1, "a"], any) }
output "listany" { value = convert([1, "a"], list(any)) }
output "tuple" { value = convert(["1", "a"], tuple([number, string])) }
output "set" { value = convert(["b", "a", "b"], set(string)) }
output "text" { value = convert(true, string) }
output "core" { value = core::convert("5", number) }
output "wrong" { value = [can(convert("a", number)), can(convert({}, object({ a = string }))), can(convert([1], string))] }
output "sensitive" { value = [issensitive(convert(sensitive("1"), number)), issensitive(jsonencode(convert([sensitive("1")], list(number)))), issensitive(convert([sensitive("1")], list(number)))] }
resource "terraform_data" "x" {}
output "unknown" { value = convert(terraform_data.x.id, number) }
output "part" { value = convert({ a = terraform_data.x.id, b = "1" }, object({ a = string, b = number })) }
