# The accounts of the shop, with all their attributes and not only their names.
list "lanyard_service_account" "shop" {
  provider         = lanyard
  include_resource = true

  config {
    name_prefix = "shop-"
  }
}
