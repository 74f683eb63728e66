//! The places where pull requests are reviewed, and what a comment may be there.

use crate::model::words::words;

words! {
    /// Where a comment goes.
    #[derive(Default)]
    pub enum Forge {
        #[default]
        Github = "github",
        Gitlab = "gitlab",
        /// Gitea and Forgejo: one API.
        Gitea = "gitea",
        /// Bitbucket Cloud.
        Bitbucket = "bitbucket",
    }
}

impl Forge {
    /// As people write it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Github => "GitHub",
            Self::Gitlab => "GitLab",
            Self::Gitea => "Gitea or Forgejo",
            Self::Bitbucket => "Bitbucket Cloud",
        }
    }

    /// The longest comment, in bytes. Forges count characters, of which there are never more than bytes.
    pub fn longest_comment(self) -> usize {
        match self {
            // Its API refuses more: "Body is too long (maximum is 65536 characters)".
            Self::Github => 65_536,
            // docs.gitlab.com/administration/instance_limits, "Size of comments and descriptions".
            Self::Gitlab => 1_000_000,
            // No limit is documented, and the column holds gigabytes: held to what the other forge of that size takes.
            Self::Gitea => 1_000_000,
            // Not in Atlassian's reference; every client that posts there stops at it, Atlantis among them.
            Self::Bitbucket => 32_768,
        }
    }

    /// True if HTML in Markdown is rendered. Bitbucket shows the tags to the reader.
    pub(super) fn renders_html(self) -> bool {
        self != Self::Bitbucket
    }
}
