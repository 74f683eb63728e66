# A bracket in braces, braces in braces, and what a bracket holds. A pattern is compared name by name: what no name leads to is not read.
locals {
  patterns = [
    "{[a-b].txt,c.txt}",
    "[a{b,c}].txt",
    "{a,[^b]}.txt",
    "{a,\\[b}*",
    "{a.txt,b.txt,}",
    "[[:alpha:]].txt",
    "[^a-c].txt",
    "{a,b}{.txt,.[m]d}",
    "{a\\,b}",
    "sub/**",
    "**/*.txt",
    "**/b*",
    "s*/**/[ab].txt",
    "sub/../?.md",
    "/a.txt",
    "a//b",
    "sub",
    "",
  ]
}

output "found" {
  value = { for pattern in local.patterns : pattern => fileset(path.module, pattern) }
}

output "below" {
  value = fileset("sub", "**")
}

output "beside" {
  value = fileset("sub/deep", "../*.txt")
}

output "nowhere" {
  value = fileset("nowhere", "*")
}
