output "a" { value = regex("(a){0}b", "ab") }
output "b" { value = regexall("(?:(a)|b){0}c", "abc") }
output "c" { value = try(regex("(a){0}", "a"), "failed") }
output "d" { value = regexall("(a){0,1}b", "ab b") }
output "e" { value = regex("(?P<x>a){0}(?P<y>b)", "ab") }
output "f" { value = replace("aab", "/(a){0}b/", "[$1]") }
output "g" { value = regex("((a)b){0}(c)", "abc") }
