output "a" { value = title("hello wORLD foo-bar o'neil") }
output "b" { value = indent(2, "a\nb\n\nc") }
output "c" { value = substr("hello", -3, 2) }
output "d" { value = substr("hello", 1, -1) }
output "e" { value = substr("héllo", 1, 2) }
output "f" { value = trim("  xxhixx ", " x") }
output "g" { value = trimprefix("aab", "a") }
output "h" { value = trimsuffix("helloworld", "world") }
output "i" { value = trimspace("\t a \n") }
output "j" { value = chomp("a\r\n\n") }
output "k" { value = strrev("aé日") }
output "l" { value = upper("straße i") }
output "m" { value = lower("ÀÉ İ") }
output "n" { value = format("%5d|%-5s|%05.1f|%x|%X|%o|%b|%e|%q|%v|%t|%%|%+d|%#v", 42, "a", 3.14159, 255, 255, 8, 5, 12345.678, "q\"", [1, "a"], true, 5, { a = 1 }) }
output "o" { value = format("%[2]s %[1]s", "a", "b") }
output "p" { value = formatlist("%s-%s", ["a", "b"], "x") }
output "q" { value = formatlist("%s", []) }
output "r" { value = join(", ", ["a", 1, true]) }
output "s" { value = startswith("", "") }
output "t" { value = strcontains("abc", "") }
output "u" { value = format("%s", 1.0) }
output "v" { value = format("%g|%G|%f|%.2f|%8.3f|%d", 1e21, 1e-7, 1.5, 2, 3.14159, 1e20) }

output "x" { value = format("%5s|%-7q|%.2s", "é", "a", "日本語") }
output "y" { value = substr("abc", 0, 10) }
output "z" { value = substr("", 0, 0) }
output "aa" { value = urlencode("a b&c/é~*") }
output "ab" { value = base64encode("é") }
output "ac" { value = base64decode("w6k=") }
output "ad" { value = textencodebase64("é", "ISO-8859-1") }
output "ae" { value = csvdecode("a,b\n\"x,1\",2\n3,\n") }
output "af" { value = parseint("zz", 36) }
output "ag" { value = parseint("-ff", 16) }
output "ah" { value = [log(16, 2), pow(2, 0.5), ceil(-1.5), floor(-1.5), signum(-2), abs(-0)] }
output "ai" { value = uuidv5("dns", "example.com") }
