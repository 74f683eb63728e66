output "a" { value = jsonencode({ b = 1, a = [true, null, 1.5, "x<>&\u2028"], c = 100000000000000000000, d = 0.1 }) }
output "b" { value = jsondecode("[1, 1.0, 1e2, \"a\\u00e9\\n\", {\"a\": {}}]") }
output "c" { value = jsondecode("{\"a\":1,\"a\":2}") }
output "d" { value = can(jsondecode("[1,]")) }
output "e" { value = can(jsondecode("")) }
output "f" { value = can(jsondecode("1 2")) }
output "g" { value = jsondecode("\"x\"") }
output "h" { value = jsondecode("null") }
output "i" { value = jsonencode("é日\t\\/\"") }
output "j" { value = jsondecode("12345678901234567890.123") }
output "k" { value = jsonencode({ for k in ["z", "a", "A", "_"] : k => k }) }
output "l" { value = jsonencode(1e100) }
output "m" { value = jsonencode(-0.5) }
output "n" { value = jsonencode(1 / 3) }
output "o" { value = can(jsondecode("{a: 1}")) }
output "p" { value = jsondecode("\"\\ud83d\\ude00\"") }
output "q" { value = jsondecode("[]") }
