output "a" { value = regexall("[a-z]+", "1234abcd5678efgh9") }
output "b" { value = regexall("(?P<k>\\w+)=(?P<v>\\w*)", "a=1 b= c=3") }
output "c" { value = regexall("(\\w)(\\d)?", "a1b") }
output "d" { value = regex("^(?:(?P<scheme>[^:/?#]+):)?(?://(?P<authority>[^/?#]*))?", "https://terraform.io/docs") }
output "e" { value = regex("[0-9]+", "abc123") }
output "f" { value = regexall("x", "abc") }
output "g" { value = length(regexall("(?i)TEST", "Test test")) > 1 }
output "h" { value = replace("a.b.c", "/\\./", "-") }
output "i" { value = replace("hello world", "/w(or)ld/", "[$1]") }
output "j" { value = replace("abc", "/(?P<x>b)/", "<$x>") }
output "k" { value = replace("a+b", "+", "/") }
output "l" { value = replace("abc", "", "-") }
output "m" { value = replace("abc", "//", "-") }
output "n" { value = replace("aaa", "/a/", "$$") }
output "o" { value = replace("abc", "/b/", "$10x") }
output "p" { value = regexall("", "ab") }
output "q" { value = regex("(?s)a.b", "a\nb") }
output "r" { value = regexall("(?m)^\\s*(\\w+)$", "a\n b\nc d") }
output "s" { value = can(regex("a(?=b)", "ab")) }
output "t" { value = can(regex("(a", "a")) }
output "u" { value = regex("\\p{L}+", "日本x1") }
output "v" { value = regexall("[[:alpha:]]+", "ab1cd") }
output "w" { value = split("/", "a/b//c/") }
output "x" { value = split("", "aé日") }
output "y" { value = replace("日本", "/./", "x") }
output "z" { value = regex("a{2,3}", "aaaa") }
