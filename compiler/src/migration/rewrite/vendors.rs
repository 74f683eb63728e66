//! What the vendors' resources and provider blocks are called, and what each of their attributes becomes.

/// A resource type of a vendor, as it is configured.
#[derive(Debug)]
pub(super) struct Mapping {
    pub(super) theirs: &'static str,
    pub(super) ours: &'static str,
    pub(super) vendor: &'static Vendor,
    pub(super) attributes: &'static [(&'static str, How)],
    pub(super) blocks: &'static [(&'static str, Inside)],
    /// What is read from it, by other resources and outputs: their name and ours. Whatever is not listed means something else here.
    pub(super) read: &'static [(&'static str, &'static str)],
}

/// A vendor's provider.
#[derive(Debug)]
pub(super) struct Vendor {
    /// The local name that its resource types begin with.
    pub(super) provider: &'static str,
    pub(super) api: &'static str,
    /// What its provider block says, and what ours calls it.
    pub(super) settings: &'static [(&'static str, &'static str)],
}

/// What becomes of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Same,
    Renamed(&'static str),
    /// The opposite, under another name.
    Negated(&'static str),
    /// Splunk's scopes, in small letters.
    Scopes,
    /// Chronosphere's word for a permission.
    Permission,
    /// A number, left out where it is -1.
    Limit(&'static str),
    /// Splunk's receivers, one text each, become `alert` blocks.
    Alerts,
    /// An account's address, from which it gets its name.
    Address,
    /// OpenObserve's trigger becomes one of `rotation`.
    Trigger,
    /// Gone if it is an empty text, otherwise for a person.
    Empty(&'static str),
    /// For a person to decide.
    Person(&'static str),
}

/// A block inside a resource: what ours is called, and its attributes.
#[derive(Debug)]
pub(super) struct Inside {
    pub(super) name: &'static str,
    pub(super) attributes: &'static [(&'static str, How)],
}

const OTHER_ORGANIZATION: &str = "the organization is a setting of Lanyard's provider: take it out if it is the provider's, or give the resource a provider of its own";

static CHRONOSPHERE: Vendor = Vendor {
    provider: "chronosphere",
    api: "chronosphere",
    settings: &[("org", "organization"), ("api_token", "token")],
};
static SPLUNK: Vendor = Vendor {
    provider: "signalfx",
    api: "splunk",
    settings: &[
        ("api_url", "url"),
        ("auth_token", "token"),
        ("email", "username"),
        ("password", "password"),
        ("organization_id", "organization"),
    ],
};
static OPENOBSERVE: Vendor = Vendor {
    provider: "openobserve",
    api: "openobserve",
    settings: &[
        ("endpoint", "url"),
        ("username", "username"),
        ("password", "password"),
        ("org_id", "organization"),
    ],
};

pub(super) static MAPPINGS: &[Mapping] = &[
    Mapping {
        theirs: "chronosphere_service_account",
        ours: "lanyard_service_account",
        vendor: &CHRONOSPHERE,
        attributes: &[
            ("name", How::Same),
            ("slug", How::Same),
            ("unrestricted", How::Same),
        ],
        blocks: &[(
            "restriction",
            Inside {
                name: "restriction",
                attributes: &[("permission", How::Permission), ("labels", How::Same)],
            },
        )],
        read: &[
            ("id", "id"),
            ("name", "name"),
            ("slug", "slug"),
            ("email", "email"),
            ("token", "token"),
            ("unrestricted", "unrestricted"),
        ],
    },
    Mapping {
        theirs: "signalfx_org_token",
        ours: "lanyard_access_token",
        vendor: &SPLUNK,
        attributes: &[
            ("name", How::Same),
            ("description", How::Same),
            ("disabled", How::Same),
            ("auth_scopes", How::Scopes),
            ("notifications", How::Alerts),
        ],
        blocks: &[
            (
                "host_or_usage_limits",
                Inside {
                    name: "limits",
                    attributes: &[
                        ("host_limit", How::Limit("hosts")),
                        ("host_notification_threshold", How::Limit("hosts_alert")),
                        ("container_limit", How::Limit("containers")),
                        (
                            "container_notification_threshold",
                            How::Limit("containers_alert"),
                        ),
                        ("custom_metrics_limit", How::Limit("custom_metrics")),
                        (
                            "custom_metrics_notification_threshold",
                            How::Limit("custom_metrics_alert"),
                        ),
                        (
                            "high_res_metrics_limit",
                            How::Limit("high_resolution_metrics"),
                        ),
                        (
                            "high_res_metrics_notification_threshold",
                            How::Limit("high_resolution_metrics_alert"),
                        ),
                    ],
                },
            ),
            (
                "dpm_limits",
                Inside {
                    name: "limits",
                    attributes: &[
                        ("dpm_limit", How::Limit("dpm")),
                        ("dpm_notification_threshold", How::Limit("dpm_alert")),
                    ],
                },
            ),
        ],
        read: &[
            ("id", "id"),
            ("name", "name"),
            ("description", "description"),
            ("disabled", "disabled"),
            ("secret", "token"),
        ],
    },
    Mapping {
        theirs: "openobserve_service_account",
        ours: "lanyard_service_account",
        vendor: &OPENOBSERVE,
        attributes: &[
            ("email", How::Address),
            ("first_name", How::Renamed("description")),
            (
                "last_name",
                How::Empty(
                    "an account of Lanyard has one name for people, `description`: take it out, and it stays on the server as it is",
                ),
            ),
            ("custom_roles", How::Renamed("roles")),
            ("rotate_token", How::Trigger),
            ("org_id", How::Person(OTHER_ORGANIZATION)),
        ],
        blocks: &[],
        read: &[
            ("id", "id"),
            ("email", "email"),
            ("first_name", "description"),
            ("custom_roles", "roles"),
            ("token", "token"),
        ],
    },
    Mapping {
        theirs: "openobserve_ingestion_token",
        ours: "lanyard_access_token",
        vendor: &OPENOBSERVE,
        attributes: &[
            ("name", How::Same),
            ("description", How::Same),
            ("enabled", How::Negated("disabled")),
            ("org_id", How::Person(OTHER_ORGANIZATION)),
        ],
        blocks: &[],
        read: &[
            ("id", "id"),
            ("name", "name"),
            ("description", "description"),
            ("token", "token"),
        ],
    },
];

impl Mapping {
    pub(super) fn of(theirs: &str) -> Option<&'static Self> {
        MAPPINGS.iter().find(|mapping| mapping.theirs == theirs)
    }

    /// True if an attribute or a block of theirs has this name, as far as is known here.
    pub(super) fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(theirs, _)| *theirs == name)
            || self.blocks.iter().any(|(theirs, _)| *theirs == name)
            || self.read.iter().any(|(theirs, _)| *theirs == name)
    }

    /// What reading their attribute is called here.
    pub(super) fn reading(&self, attribute: &str) -> Option<&'static str> {
        let found = self.read.iter().find(|(theirs, _)| *theirs == attribute);
        found.map(|(_, ours)| *ours)
    }

    /// True if every attribute that may be read has the same name here, so that the object as a whole may be handed on.
    pub(super) fn reads_alike(&self) -> bool {
        self.read.iter().all(|(theirs, ours)| theirs == ours)
            && self
                .blocks
                .iter()
                .all(|(theirs, inside)| *theirs == inside.name)
            && self.attributes.iter().all(|(_, how)| *how == How::Same)
    }
}

/// What ours calls a setting of the vendor's provider block.
pub(super) fn setting(vendor: &Vendor, theirs: &str) -> Option<&'static str> {
    let found = vendor.settings.iter().find(|(name, _)| *name == theirs);
    found.map(|(_, ours)| *ours)
}

/// Why a setting is not taken over.
pub(super) fn stays(setting: &str) -> String {
    format!("`{setting}` stays with the vendor's provider: Lanyard's has nothing like it")
}

/// True if a text names a resource type that is migrated.
pub(super) fn speaks(text: &str) -> bool {
    MAPPINGS.iter().any(|mapping| text.contains(mapping.theirs))
}
