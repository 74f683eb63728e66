output "a" { value = can(tonumber(" 1")) }
output "b" { value = can(tonumber("1_000")) }
output "c" { value = can(tonumber("0x10")) }
output "d" { value = can(tonumber("")) }
output "e" { value = can(tonumber("1e400")) }
output "g" { value = can(tobool("TRUE")) }
output "h" { value = can(tobool("1")) }
output "i" { value = can(tobool(1)) }
output "j" { value = can(tostring([])) }
output "k" { value = can(tomap({ a = 1, b = [] })) }
output "l" { value = can(toset({ a = 1 })) }
output "m" { value = can(tolist({ a = 1 })) }
output "n" { value = can(tomap([1])) }
output "o" { value = can(tonumber(true)) }
output "p" { value = can(tonumber("+1")) }
output "q" { value = tonumber(".5") }
output "r" { value = can(tonumber("5.")) }
output "s" { value = can(tonumber("1e")) }
output "t" { value = can(tonumber("１")) }
