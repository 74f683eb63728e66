# All accounts whose name starts so.
data "lanyard_service_accounts" "of_the_shop" {
  name_prefix = "shop-"
}

output "disabled_accounts" {
  value = [for account in data.lanyard_service_accounts.of_the_shop.service_accounts : account.name if account.disabled]
}
