//! What clings to a value wherever it goes: sensitive, ephemeral, and the tokens it derives from.

use std::collections::BTreeSet;
use std::sync::Arc;

/// One secret of one of our own resources.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Origin {
    /// The address of the resource instance, for example `module.a.lanyard_access_token.ci["x"]`.
    pub(crate) address: Arc<str>,
    /// The sensitive attribute, for example `token`.
    pub(crate) attribute: Arc<str>,
    /// True for a hash of the secret, with which nobody gets in.
    pub(crate) hashed: bool,
    /// True where the secret is null, and that null stands in a text: `{"token":null}`.
    pub(crate) written_null: bool,
}

/// A set of marks; usually empty, and then it costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks(Option<Arc<Inner>>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Inner {
    sensitive: bool,
    ephemeral: bool,
    origins: BTreeSet<Arc<Origin>>,
}

impl Marks {
    pub(crate) fn sensitive() -> Self {
        Self::of(Inner {
            sensitive: true,
            ..Inner::default()
        })
    }

    pub(crate) fn ephemeral() -> Self {
        Self::of(Inner {
            ephemeral: true,
            ..Inner::default()
        })
    }

    /// What clings to a secret of ours.
    pub(crate) fn secret(origin: Arc<Origin>) -> Self {
        Self::of(Inner {
            sensitive: true,
            origins: BTreeSet::from([origin]),
            ..Inner::default()
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn is_sensitive(&self) -> bool {
        self.0.as_ref().is_some_and(|inner| inner.sensitive)
    }

    pub(crate) fn is_ephemeral(&self) -> bool {
        self.0.as_ref().is_some_and(|inner| inner.ephemeral)
    }

    pub(crate) fn origins(&self) -> impl Iterator<Item = &Arc<Origin>> {
        self.0.iter().flat_map(|inner| &inner.origins)
    }

    #[must_use]
    pub(crate) fn union(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (_, None) => self.clone(),
            (None, _) => other.clone(),
            (Some(left), Some(right)) if Arc::ptr_eq(left, right) => self.clone(),
            (Some(left), Some(right)) => {
                let covered = left.sensitive >= right.sensitive
                    && left.ephemeral >= right.ephemeral
                    && right.origins.is_subset(&left.origins);
                if covered {
                    return self.clone();
                }
                let mut union = Inner::clone(left);
                union.sensitive |= right.sensitive;
                union.ephemeral |= right.ephemeral;
                union.origins.extend(right.origins.iter().cloned());
                Self(Some(Arc::new(union)))
            }
        }
    }

    /// Without the sensitive mark. What it derives from stays known: provenance cannot be declared away.
    #[must_use]
    pub(crate) fn without_sensitive(&self) -> Self {
        self.change(|inner| inner.sensitive = false)
    }

    #[must_use]
    pub(crate) fn without_ephemeral(&self) -> Self {
        self.change(|inner| inner.ephemeral = false)
    }

    /// Only what it derives from: for results that cannot be known and may turn out to hold any of it.
    #[must_use]
    pub(crate) fn origins_only(&self) -> Self {
        self.change(|inner| {
            inner.sensitive = false;
            inner.ephemeral = false;
        })
    }

    /// Of a hash of what has these marks.
    #[must_use]
    pub(crate) fn hashed(&self) -> Self {
        self.change_origins(|origin| {
            origin.hashed = true;
            origin.written_null = false;
        })
    }

    /// Of a text in which the null secrets stand of which `is_null` is true.
    #[must_use]
    pub(crate) fn writing_null(&self, is_null: impl Fn(&Origin) -> bool) -> Self {
        self.change_origins(|origin| origin.written_null |= is_null(origin))
    }

    /// Of what may leave out the text in which a null stands.
    #[must_use]
    pub(crate) fn without_written_null(&self) -> Self {
        if self.origins().all(|origin| !origin.written_null) {
            return self.clone();
        }
        self.change_origins(|origin| origin.written_null = false)
    }

    fn change_origins(&self, change: impl Fn(&mut Origin)) -> Self {
        self.change(|inner| {
            let changed = inner.origins.iter().map(|origin| {
                let mut origin = Origin::clone(origin);
                change(&mut origin);
                Arc::new(origin)
            });
            inner.origins = changed.collect();
        })
    }

    fn change(&self, change: impl Fn(&mut Inner)) -> Self {
        self.0.as_ref().map_or_else(Self::default, |inner| {
            let mut inner = Inner::clone(inner);
            change(&mut inner);
            Self::of(inner)
        })
    }

    fn of(inner: Inner) -> Self {
        let empty = !inner.sensitive && !inner.ephemeral && inner.origins.is_empty();
        Self((!empty).then(|| Arc::new(inner)))
    }
}
