terraform {
  required_version = "newest"
}
