# Terraform reads a pattern as far as names lead; OpenTofu reads it first.
output "found" {
  value = [
    fileset(path.module, "x["),
    fileset(path.module, "x{[ab,c].txt,d}"),
    fileset(path.module, "nowhere/["),
    fileset(path.module, "a}"),
    fileset(path.module, "}"),
    fileset(path.module, "*.txt["),
    fileset("nowhere", "["),
  ]
}
