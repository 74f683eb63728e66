//! Closed choices: the words of each stand once, and are how it is configured, shown and written.

/// Declares a closed choice with its words, in the order of the documentation; with a prefix also the names of types in Terraform.
macro_rules! words {
    ($(#[$about:meta])* pub enum $name:ident {
        $($(#[$doc:meta])* $variant:ident = $word:literal,)*
    }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// All, in the order of the documentation.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$variant),*];

            /// The word for it: in configurations, schemas and documents.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|choice| choice.name() == word)
            }
        }
    };
    ($(#[$about:meta])* pub enum $name:ident in $prefix:literal {
        $($(#[$doc:meta])* $variant:ident = $word:literal,)*
    }) => {
        $crate::model::words::words! {
            $(#[$about])* pub enum $name { $($(#[$doc])* $variant = $word,)* }
        }

        impl $name {
            /// The name of the type in Terraform.
            pub const fn type_name(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($prefix, $word),)*
                }
            }
        }
    };
}

pub(crate) use words;
