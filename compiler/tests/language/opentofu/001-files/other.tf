locals {
  other = "other.tf"
}
