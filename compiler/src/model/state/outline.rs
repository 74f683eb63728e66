//! What a configuration says, as far as it can be read.

use jiff::Timestamp;

use super::{Loose, Restriction, Rotation, Rough, Visibility, Written};
use crate::model::access_token::OnConflict;
use crate::model::kind::Kind;
use crate::model::lifetime::Lifetime;
use crate::model::server::{Capabilities, ResourceCapabilities};

/// Declares what is read, once.
macro_rules! outline {
    ($(#[$about:meta])* $visible:vis struct $name:ident { $(pub $field:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        $visible struct $name {
            $(pub $field: $crate::model::state::Loose<$kind>,)*
        }

        impl $name {
            /// That of an object which may have all of these.
            $visible fn of(object: &$crate::value::Value) -> Self {
                Self {
                    $($field: $crate::model::state::Loose::of(object.get(stringify!($field))),)*
                }
            }
        }
    };
}

pub(crate) use outline;

outline! {
    /// What an object is known by and may do, and when it ends: as somebody wrote it, right or wrong.
    pub struct Outline {
        pub id: Option<String>,
        pub name: Option<String>,
        pub slug: Option<String>,
        pub email: Option<String>,
        pub service_account: Option<String>,
        pub roles: Option<Vec<Loose<String>>>,
        pub scopes: Option<Vec<Loose<String>>>,
        pub disabled: Option<bool>,
        pub unrestricted: Option<bool>,
        pub restriction: Option<Restriction<Rough>>,
        pub on_conflict: Option<OnConflict>,
        pub recipient: Option<String>,
        pub ttl: Option<Written<Lifetime>>,
        pub expires_at: Option<Written<Timestamp>>,
        pub rotation: Option<Rotation<Rough>>,
        pub visibility: Option<Visibility<Rough>>,
    }
}

/// Names of roles, as somebody wrote them.
pub type Roles = Loose<Option<Vec<Loose<String>>>>;

impl Outline {
    /// What a server can do with it.
    pub fn capabilities<'a>(
        &self,
        kind: Kind,
        server: &'a Capabilities,
    ) -> &'a ResourceCapabilities {
        let name = self.name.value().map_or("", String::as_str);
        kind.capabilities_of(server, name, self.service_account.is_null())
    }
}
