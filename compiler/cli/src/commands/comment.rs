//! `lanyard comment`: the review of a plan, on its pull request. Ends with 0 only when it stands there.

use std::path::Path;

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::review::{self, Context, Format, Options, Origin, Review, Reviewed};
use lanyard_servers::forge::{Comments, Published};

use super::review::{Plan, look_into, parse, read};
use crate::args::Comment;
use crate::complaints::Failure;
use crate::console::{Console, Outcome};
use crate::pipeline::{Pipeline, Place};
use crate::policy;

/// What is to stand on the pull request.
struct Message {
    marker: String,
    body: String,
    /// True if the plan changes nothing and there is nothing to say of it.
    is_empty: bool,
    /// Why there is no review to show, if there is none.
    failure: Option<Diagnostic>,
}

pub(crate) async fn run(arguments: &Comment, console: &Console) -> Result<Outcome, Failure> {
    let place = Pipeline::of_this_process().place(arguments)?;
    let message = message(arguments, &place, console)?;
    let is_removal = arguments.remove_when_empty && message.is_empty;
    if arguments.dry_run {
        dry_run(&place, &message, is_removal, console)?;
    } else {
        let comments = Comments::of(place.with_token()?)?;
        let published = match is_removal {
            true => comments.remove(&message.marker).await?,
            false => comments.publish(&message.marker, &message.body).await?,
        };
        let what = match published {
            Published::Created => "The comment was written",
            Published::Updated => "The comment was updated",
            Published::Unchanged => "The comment stands already",
            Published::Removed => "The comment was removed",
            Published::NothingToRemove => "There is no comment to remove",
        };
        console.say(&format!("{what}: {}", comments.address()));
    }
    match message.failure {
        Some(failure) => Err(failure.into()),
        None => Ok(Outcome::Done),
    }
}

fn dry_run(
    place: &Place,
    message: &Message,
    is_removal: bool,
    console: &Console,
) -> Result<(), Diagnostic> {
    let address = Comments::of(place.without_token())?.address();
    let marker = message.marker.trim_end();
    if is_removal {
        console.say(&format!(
            "Would remove the comment that begins with {marker}: {address}"
        ));
        return Ok(());
    }
    console.say(&format!(
        "Would send {} bytes, as a new comment or instead of the one that begins with {marker}: {address}",
        message.body.len()
    ));
    console.result(&message.body);
    Ok(())
}

fn message(arguments: &Comment, place: &Place, console: &Console) -> Result<Message, Failure> {
    let options = Options {
        forge: place.forge,
        ..Options::default()
    };
    let text = read(&arguments.file);
    if let Ok(text) = &text
        && let Some(marker) = review::marker_of(text)
    {
        return Ok(written(arguments, place, marker, text)?);
    }
    let dir = arguments.dir.as_deref();
    let folder = arguments.folder.as_deref();
    let folder = folder.or_else(|| dir.and_then(Path::to_str));
    let marker = review::marker(place.forge, folder);
    // What stands there speaks of an older plan: better that it says so than that somebody agrees to it.
    let (plan, failure) = match text.and_then(|text| parse(&text)) {
        Ok(plan) => (plan, None),
        Err(failure) => {
            let plan = Plan {
                reviewed: Reviewed::failed(failure.clone()),
                checksum: None,
            };
            (plan, Some(failure))
        }
    };
    let Plan {
        mut reviewed,
        checksum,
    } = plan;
    let compiled = match dir {
        Some(dir) => Some(look_into(dir, arguments.language, &mut reviewed, console)?),
        None => None,
    };
    let sources = compiled.as_ref().map(|compiled| compiled.sources.clone());
    let mut sources = sources.unwrap_or_default();
    let policy = policy::read_in(dir.unwrap_or(Path::new("")), &mut sources)?;
    let context = Context {
        origin: Origin {
            folder,
            checksum: checksum.as_deref(),
            sources: Some(&sources),
        },
        configuration: compiled.as_ref().map(|compiled| &compiled.configuration),
        settings: Some(&policy.rules),
    };
    let Reviewed {
        plan,
        circumstances,
    } = &reviewed;
    let review = Review::of(plan, circumstances, context);
    Ok(Message {
        marker,
        is_empty: reviewed.is_empty()
            && circumstances.banners.is_empty()
            && circumstances.asides.is_empty()
            && review.worst().is_none(),
        body: review.render(Format::Markdown, options),
        failure,
    })
}

/// What `lanyard review` wrote already.
fn written(
    arguments: &Comment,
    place: &Place,
    marker: &str,
    text: &str,
) -> Result<Message, Diagnostic> {
    let refuse = |detail: String, hint: &str| {
        Err(
            Diagnostic::error(Code::CommentFailed, "The comment could not be written")
                .detail(detail)
                .hint(hint),
        )
    };
    let (forge, name) = (place.forge, place.forge.name());
    if arguments.folder.is_some() || arguments.dir.is_some() || arguments.remove_when_empty {
        return refuse(
            "`--folder`, `--dir` and `--remove-when-empty` are for a plan, and this is a review of one already.".to_owned(),
            "Give `lanyard comment` the plan itself.",
        );
    }
    if marker.starts_with("<!--") != review::marker(forge, None).starts_with("<!--") {
        return refuse(
            format!("This Markdown was not written for {}.", forge.title()),
            &format!(
                "Write it with `lanyard review --format markdown --forge {name}`, or give `lanyard comment` the plan itself."
            ),
        );
    }
    let longest = forge.longest_comment();
    if text.len() > longest {
        return refuse(
            format!(
                "It has {} bytes, and {} takes {longest}.",
                text.len(),
                forge.title()
            ),
            &format!(
                "Write it with `lanyard review --format markdown --forge {name}`, or give `lanyard comment` the plan itself: what has no room is left out then, and counted."
            ),
        );
    }
    Ok(Message {
        marker: marker.to_owned(),
        body: text.to_owned(),
        is_empty: false,
        failure: None,
    })
}
