//! Two folders that rotate the same token at once. Three times on each server here; `LANYARD_CONTESTS=30` makes it as many.

use super::delivery::{TOKENS, with_rotation};
use super::kills::number;
use super::story::Story;
use crate::support::console::note;
use crate::support::hand::Hand;

const APPLY: &str = "apply --yes --out-file secrets.jsonl";

#[test]
fn of_two_folders_that_rotate_at_once_one_at_most_says_so() {
    let contests = number("LANYARD_CONTESTS", 3);
    // Where nothing ends, nothing is due.
    for (api, configuration) in TOKENS.iter().filter(|(api, _)| *api != "elasticsearch") {
        let here = Story::on(api, &with_rotation(configuration));
        here.apply();
        let there = Story::beside(&here);
        let (mut told, mut late) = (0, 0);
        for contest in 0..contests {
            here.advance_clock(20 * 86_400);
            let before = [&here, &there].map(|story| story.handed_over().len());
            let running = [&here, &there].map(|story| (story, story.start(APPLY)));
            let ended = running.map(|(story, running)| story.end(running));
            let mut rotated = 0;
            for ((story, ended), before) in [&here, &there].iter().zip(&ended).zip(before) {
                let new = story.delivered().split_off(before);
                match ended.code {
                    Some(0) if new.is_empty() => late += 1,
                    Some(0) => rotated += 1,
                    _ => {
                        let says = "Somebody else replaced the secret at the same time";
                        assert!(ended.stderr.contains(says), "{api} {contest}: {ended}");
                        assert_eq!(new, [], "whoever lost has no secret: {ended}");
                        told += 1;
                    }
                }
                for (id, secret) in new {
                    assert!(
                        Hand::on(&story.server).lets_in(&id, &secret),
                        "{api} {contest}: a dead secret: {ended}"
                    );
                }
            }
            assert_eq!(rotated, 1, "{api} {contest}: {} {}", ended[0], ended[1]);
            here.expect_nothing_to_do();
            there.expect_nothing_to_do();
        }
        note(&format!(
            "{api}: {contests} contests, dead secrets handed out: 0, told to the slower one: {told}, too late to rotate: {late}"
        ));
    }
}
