//! Which pull request a pipeline runs for, and its token: from the variables that each forge's pipelines set, unless flags say otherwise.

use std::path::Path;

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::review::Forge;
use lanyard_compiler::secret::Secret;
use lanyard_servers::forge::PullRequest;
use serde_json::Value as Json;

use crate::args::Comment;

type Variable = dyn Fn(&str) -> Option<String>;

/// The variables around us, and the files that they name.
pub(crate) struct Pipeline {
    variable: Box<Variable>,
    file: fn(&Path) -> Option<String>,
}

/// A pull request; the token is asked for last, because a dry run goes without.
pub(crate) struct Place {
    pub(crate) forge: Forge,
    url: String,
    repository: String,
    number: u64,
    token: Result<Secret, Diagnostic>,
    username: Option<String>,
    ca_file: Option<String>,
}

impl Place {
    pub(crate) fn with_token(&self) -> Result<PullRequest, Diagnostic> {
        Ok(PullRequest {
            token: self.token.clone()?,
            ..self.without_token()
        })
    }

    pub(crate) fn without_token(&self) -> PullRequest {
        PullRequest {
            forge: self.forge,
            url: self.url.clone(),
            repository: self.repository.clone(),
            number: self.number,
            token: Secret::new(""),
            username: self.username.clone(),
            ca_file: self.ca_file.clone(),
        }
    }
}

impl Pipeline {
    pub(crate) fn of_this_process() -> Self {
        Self {
            variable: Box::new(|name| std::env::var(name).ok()),
            file: |path| std::fs::read_to_string(path).ok(),
        }
    }

    /// The first of these variables with something in it.
    fn first(&self, names: &[&str]) -> Option<String> {
        let values = names.iter().filter_map(|name| (self.variable)(name));
        values
            .map(|value| value.trim().to_owned())
            .find(|value| !value.is_empty())
    }

    /// Where the comment would go, if anything says so.
    pub(crate) fn forge_of(&self, arguments: &Comment) -> Option<Forge> {
        arguments.forge.or_else(|| self.forge())
    }

    pub(crate) fn place(&self, arguments: &Comment) -> Result<Place, Diagnostic> {
        let here = self.forge();
        let Some(forge) = self.forge_of(arguments) else {
            return Err(missing(
                "This is no pipeline of GitHub, GitLab, Gitea, Forgejo or Bitbucket, and `--forge` is not given.",
                "Give `--forge`, `--repository`, `--pull-request`, and `--url` where the forge is your own.",
            ));
        };
        // What one forge says of its pipeline says nothing about another one.
        let is_here = here == Some(forge);
        let here = |names: &[&str]| self.first(names).filter(|_| is_here);
        let url = arguments.url.clone().or_else(|| here(urls(forge)));
        let url = url.or_else(|| public(forge).map(str::to_owned));
        let number = arguments
            .pull_request
            .or_else(|| self.number(forge).filter(|_| is_here));
        let asked = |what: &str, flag: &str, names: &[&str]| {
            missing(
                format!(
                    "{what} is not known: neither `{flag}` nor {} is set.",
                    names.join(" or ")
                ),
                format!("Give `{flag}`. Pipelines know it only when they run for a pull request."),
            )
        };
        Ok(Place {
            forge,
            url: url.ok_or_else(|| asked("The address of the API", "--url", urls(forge)))?,
            repository: arguments
                .repository
                .clone()
                .or_else(|| here(repositories(forge)))
                .ok_or_else(|| asked("The repository", "--repository", repositories(forge)))?,
            number: number.ok_or_else(|| {
                asked(
                    "The number of the pull request",
                    "--pull-request",
                    numbers(forge),
                )
            })?,
            token: self.token(arguments, forge, is_here),
            username: here(&["BITBUCKET_USERNAME"]).filter(|_| forge == Forge::Bitbucket),
            ca_file: arguments
                .ca_file
                .clone()
                .or_else(|| here(&["CI_SERVER_TLS_CA_FILE"]).filter(|_| forge == Forge::Gitlab)),
        })
    }

    /// Where this pipeline runs. Gitea's and Forgejo's also say that they are GitHub's.
    fn forge(&self) -> Option<Forge> {
        [
            (&["GITEA_ACTIONS", "FORGEJO_ACTIONS"][..], Forge::Gitea),
            (&["GITHUB_ACTIONS"], Forge::Github),
            (&["GITLAB_CI"], Forge::Gitlab),
            (&["BITBUCKET_BUILD_NUMBER"], Forge::Bitbucket),
        ]
        .into_iter()
        .find_map(|(names, forge)| self.first(names).map(|_| forge))
    }

    fn number(&self, forge: Forge) -> Option<u64> {
        match forge {
            Forge::Gitlab | Forge::Bitbucket => self.first(numbers(forge))?.parse().ok(),
            Forge::Github | Forge::Gitea => self.number_of_the_event().or_else(|| {
                let reference = self.first(&["GITHUB_REF"])?;
                let number = reference.strip_prefix("refs/pull/")?;
                number.split('/').next()?.parse().ok()
            }),
        }
    }

    /// The file that describes what started the job: also where that is `pull_request_target`, or a comment.
    fn number_of_the_event(&self) -> Option<u64> {
        let path = self.first(&[
            "FORGEJO_EVENT_PATH",
            "GITEA_EVENT_PATH",
            "GITHUB_EVENT_PATH",
        ])?;
        let event: Json = serde_json::from_str(&(self.file)(Path::new(&path))?).ok()?;
        let issue = Some(&event["issue"]).filter(|issue| issue["pull_request"].is_object());
        let number = |of: &Json| of["number"].as_u64();
        number(&event["pull_request"]).or_else(|| issue.and_then(number))
    }

    /// A token that a pipeline has by itself is for its own forge alone.
    fn token(
        &self,
        arguments: &Comment,
        forge: Forge,
        is_here: bool,
    ) -> Result<Secret, Diagnostic> {
        let own: &[&str] = match forge {
            Forge::Github => &["GITHUB_TOKEN", "GH_TOKEN"],
            Forge::Gitlab => &["GITLAB_TOKEN"],
            Forge::Gitea if is_here => &["FORGEJO_TOKEN", "GITEA_TOKEN", "GITHUB_TOKEN"],
            Forge::Gitea => &["FORGEJO_TOKEN", "GITEA_TOKEN"],
            Forge::Bitbucket => &["BITBUCKET_TOKEN"],
        };
        let mut names = vec!["LANYARD_COMMENT_TOKEN"];
        names.extend(own);
        if let Some(name) = &arguments.token_variable {
            names = vec![name];
        }
        let token = self.first(&names).map(Secret::new);
        token.ok_or_else(|| {
            let remedy = match forge {
                Forge::Github => "In a workflow: `env: { GITHUB_TOKEN: ${{ github.token }} }`, with `permissions: { pull-requests: write }`.",
                Forge::Gitlab => "Make a project access token with the scope `api` and the role Reporter, and set it as a masked variable; CI_JOB_TOKEN cannot comment.",
                Forge::Gitea => "In a workflow: `env: { GITEA_TOKEN: ${{ secrets.GITEA_TOKEN }} }`; a token of your own needs `write:issue` and `read:user`.",
                Forge::Bitbucket => "Make a repository access token with the scope `pullrequest:write`, and set it as a secured variable.",
            };
            missing(format!("There is no token: {} is not set.", names.join(" or ")), remedy)
        })
    }
}

fn urls(forge: Forge) -> &'static [&'static str] {
    match forge {
        Forge::Github => &["GITHUB_API_URL"],
        Forge::Gitlab => &["CI_API_V4_URL"],
        Forge::Gitea => &["FORGEJO_API_URL", "GITEA_API_URL", "GITHUB_API_URL"],
        Forge::Bitbucket => &["BITBUCKET_API_URL"],
    }
}

/// Where most are; everybody has a Gitea or Forgejo of their own.
fn public(forge: Forge) -> Option<&'static str> {
    match forge {
        Forge::Github => Some("https://api.github.com"),
        Forge::Gitlab => Some("https://gitlab.com/api/v4"),
        Forge::Gitea => None,
        Forge::Bitbucket => Some("https://api.bitbucket.org/2.0"),
    }
}

fn repositories(forge: Forge) -> &'static [&'static str] {
    match forge {
        Forge::Github => &["GITHUB_REPOSITORY"],
        // The merge request is in the project that it goes to, also where the pipeline runs in a fork.
        Forge::Gitlab => &["CI_MERGE_REQUEST_PROJECT_ID"],
        Forge::Gitea => &[
            "FORGEJO_REPOSITORY",
            "GITEA_REPOSITORY",
            "GITHUB_REPOSITORY",
        ],
        Forge::Bitbucket => &["BITBUCKET_REPO_FULL_NAME"],
    }
}

fn numbers(forge: Forge) -> &'static [&'static str] {
    match forge {
        Forge::Github | Forge::Gitea => &["GITHUB_EVENT_PATH", "GITHUB_REF"],
        Forge::Gitlab => &["CI_MERGE_REQUEST_IID"],
        Forge::Bitbucket => &["BITBUCKET_PR_ID"],
    }
}

fn missing(detail: impl Into<String>, hint: impl Into<String>) -> Diagnostic {
    Diagnostic::error(
        Code::NoPullRequest,
        "It is not known where to comment, or as whom",
    )
    .detail(detail)
    .hint(hint)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Arguments, Command};

    fn place(words: &str, variables: &'static [(&str, &str)]) -> Result<Place, Diagnostic> {
        let words = format!("lanyard comment plan.json {words}");
        let arguments = Arguments::try_parse_from(words.split_whitespace()).unwrap();
        let Command::Comment(arguments) = arguments.command else {
            panic!("it is a comment");
        };
        let pipeline = Pipeline {
            variable: Box::new(|name| {
                let value = variables.iter().find(|(variable, _)| *variable == name);
                value.map(|(_, value)| (*value).to_owned())
            }),
            file: |_| Some(r#"{"pull_request": {"number": 9}}"#.to_owned()),
        };
        pipeline.place(&arguments)
    }

    fn check(words: &str, variables: &'static [(&str, &str)], expected: &str) {
        let place = place(words, variables).unwrap();
        let token = place.token.as_ref().map_or("no token", Secret::expose);
        let user = place.username.as_deref().unwrap_or_default();
        let (forge, url) = (place.forge.name(), &place.url);
        let (repository, number) = (&place.repository, place.number);
        let shown = format!("{forge} {url} {repository} {number} {token} {user}");
        assert_eq!(shown.trim_end(), expected);
    }

    #[test]
    fn every_forges_pipeline_says_where_it_is() {
        const GITHUB: &[(&str, &str)] = &[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_API_URL", "https://api.github.com"),
            ("GITHUB_REPOSITORY", "ops/infra"),
            ("GITHUB_REF", "refs/pull/7/merge"),
            ("GITHUB_TOKEN", "t"),
        ];
        check("", GITHUB, "github https://api.github.com ops/infra 7 t");
        check(
            "",
            &[
                ("GITHUB_ACTIONS", "true"),
                ("GITEA_ACTIONS", "true"),
                ("GITHUB_API_URL", "https://git.example/api/v1"),
                ("GITHUB_REPOSITORY", "ops/infra"),
                ("GITHUB_EVENT_PATH", "event.json"),
                ("GITHUB_TOKEN", "t"),
            ],
            "gitea https://git.example/api/v1 ops/infra 9 t",
        );
        check(
            "",
            &[
                ("GITLAB_CI", "true"),
                ("CI_API_V4_URL", "https://gitlab.example/api/v4"),
                ("CI_PROJECT_ID", "1"),
                ("CI_MERGE_REQUEST_PROJECT_ID", "2"),
                ("CI_MERGE_REQUEST_IID", "3"),
                ("CI_JOB_TOKEN", "never"),
                ("GITLAB_TOKEN", "t"),
            ],
            "gitlab https://gitlab.example/api/v4 2 3 t",
        );
        check(
            "",
            &[
                ("BITBUCKET_BUILD_NUMBER", "5"),
                ("BITBUCKET_REPO_FULL_NAME", "ops/infra"),
                ("BITBUCKET_PR_ID", "3"),
                ("BITBUCKET_TOKEN", "t"),
                ("BITBUCKET_USERNAME", "me"),
            ],
            "bitbucket https://api.bitbucket.org/2.0 ops/infra 3 t me",
        );
        // Another forge than the one that the pipeline runs on hears nothing of it, and gets none of its tokens.
        check(
            "--forge gitea --url https://git.example/api/v1 --repository a/b --pull-request 1",
            GITHUB,
            "gitea https://git.example/api/v1 a/b 1 no token",
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let detail = |words, variables| place(words, variables).err().unwrap().detail;
        assert!(detail("", &[]).contains("`--forge`"));
        assert!(detail("--forge gitea", &[]).contains("`--url`"));
        assert!(detail("--forge github", &[]).contains("`--repository`"));
        let number = detail(
            "",
            &[("GITLAB_CI", "true"), ("CI_MERGE_REQUEST_PROJECT_ID", "1")],
        );
        assert!(number.contains("CI_MERGE_REQUEST_IID"), "{number}");
        let token = place("--forge github --repository a/b --pull-request 1", &[]);
        let token = token.unwrap().token.unwrap_err();
        assert!(token.detail.contains("GITHUB_TOKEN") && token.hints[0].contains("permissions"));
    }
}
