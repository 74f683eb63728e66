//! `lanyard comment`: the review of a plan, on its pull request. Ends with 0 only when it stands there.

use std::path::Path;

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::review::{self, Forge, Format, Options, Review, Reviewed};
use lanyard_servers::forge::{Comments, Published};

use super::review::{instead, of_plan, read};
use crate::args::Comment;
use crate::complaints::Failure;
use crate::console::{Console, Outcome};
use crate::pipeline::{Pipeline, Place};

/// What is to stand on the pull request.
struct Message {
    marker: String,
    body: String,
    /// True if the plan changes nothing and there is nothing to say of it.
    is_empty: bool,
    /// How the command ends once it stands there.
    end: Result<Outcome, Failure>,
}

pub(crate) async fn run(arguments: &Comment, console: &Console) -> Result<Outcome, Failure> {
    let pipeline = Pipeline::of_this_process();
    let place = pipeline.place(arguments);
    if arguments.dry_run {
        let forge = pipeline.forge_of(arguments).unwrap_or_default();
        let message = message(arguments, forge, console)?;
        let is_removal = arguments.remove_when_empty && message.is_empty;
        let place = place.map_err(|unknown| (forge, unknown));
        dry_run(place.as_ref(), &message, is_removal, console)?;
        return message.end;
    }
    let place = place?;
    let message = message(arguments, place.forge, console)?;
    let is_removal = arguments.remove_when_empty && message.is_empty;
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
    message.end
}

/// `place` where that is known, and else for which forge it is written, and what is missing.
fn dry_run(
    place: Result<&Place, &(Forge, Diagnostic)>,
    message: &Message,
    is_removal: bool,
    console: &Console,
) -> Result<(), Diagnostic> {
    let address = match place {
        Ok(place) => Comments::of(place.without_token())?.address(),
        Err((forge, unknown)) => {
            let forge = forge.title();
            format!(
                "as {forge} takes it; where is not known here. {}",
                unknown.detail
            )
        }
    };
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

fn message(arguments: &Comment, forge: Forge, console: &Console) -> Result<Message, Failure> {
    let options = Options {
        forge,
        ..Options::default()
    };
    let text = read(&arguments.file);
    if let Ok(text) = &text
        && let Some(marker) = review::marker_of(text)
    {
        return Ok(written(arguments, forge, marker, text)?);
    }
    let dir = arguments.dir.as_deref();
    let folder = arguments.folder.as_deref();
    let folder = folder.or_else(|| dir.and_then(Path::to_str));
    let marker = review::marker(forge, folder);
    let text = text.map_err(Failure::from);
    let language = arguments.language;
    let material = text.and_then(|text| of_plan(text, dir, language, console));
    let material = match material {
        Ok(material) => material,
        // What stands there speaks of an older plan: better that it says so than that somebody agrees to it.
        Err(failure) => {
            return Ok(Message {
                marker,
                body: instead(&failure, folder, Format::Markdown, options),
                is_empty: false,
                end: Err(failure),
            });
        }
    };
    let Reviewed {
        plan,
        circumstances,
    } = &material.plan.reviewed;
    let masked = plan.masked();
    let review = Review::of(&masked, circumstances, material.context(folder));
    Ok(Message {
        marker,
        is_empty: material.plan.reviewed.is_empty()
            && circumstances.banners.is_empty()
            && circumstances.asides.is_empty()
            && review.worst().is_none(),
        body: review.render(Format::Markdown, options),
        end: if !material.plan.reviewed.can_be_trusted() {
            Err(circumstances.banners.clone().into())
        } else if arguments.gate.finds(&review, console) {
            Ok(Outcome::Found)
        } else {
            Ok(Outcome::Done)
        },
    })
}

/// What `lanyard review` wrote already.
fn written(
    arguments: &Comment,
    forge: Forge,
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
    let name = forge.name();
    if arguments.folder.is_some()
        || arguments.dir.is_some()
        || arguments.remove_when_empty
        || arguments.gate.fail_on.is_some()
    {
        return refuse(
            "`--folder`, `--dir`, `--remove-when-empty` and `--fail-on` are for a plan, and this is a review of one already.".to_owned(),
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
        end: Ok(Outcome::Done),
    })
}
