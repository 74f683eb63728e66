locals {
  # Not ours.
  names = ["signalfx", "tokens"]
}
