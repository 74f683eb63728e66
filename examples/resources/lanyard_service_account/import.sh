# By the account's id, which `lanyard_service_accounts` and the token server list.
terraform import lanyard_service_account.deploy sa_0123456789abcdefghij
