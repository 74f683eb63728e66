//! The same done with each of many things, on all processors. What is planned and said of a resource depends on no other one, so that the
//! order in which it is done does not matter; the results come in the order of the things.

use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// From this many resources on, starting a thread takes less than it saves.
const MANY: usize = 512;
/// How many pieces each processor gets: some take longer than others.
const PIECES: usize = 32;

/// Does the same with each thing, one for each resource.
pub fn map<T: Send, R: Send>(things: Vec<T>, each: impl Fn(T) -> R + Sync) -> Vec<R> {
    let resources = things.len();
    map_over(things, resources, each)
}

/// Likewise with things each of which has to do with so many resources: with few it is done here and now.
pub fn map_over<T: Send, R: Send>(
    things: Vec<T>,
    resources: usize,
    each: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    if resources < MANY || processors == 1 || things.len() < 2 {
        return things.into_iter().map(each).collect();
    }
    on(processors, things, each)
}

fn on<T: Send, R: Send>(processors: usize, things: Vec<T>, each: impl Fn(T) -> R + Sync) -> Vec<R> {
    let count = things.len();
    let size = count.div_ceil(processors * PIECES);
    let mut things = things.into_iter();
    let pieces: Vec<Vec<T>> = std::iter::from_fn(|| {
        let piece: Vec<T> = things.by_ref().take(size).collect();
        (!piece.is_empty()).then_some(piece)
    })
    .collect();
    let left = Mutex::new(pieces.into_iter().enumerate());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        let mut done = Vec::new();
        while let Some((position, piece)) = next() {
            let results: Vec<R> = piece.into_iter().map(&each).collect();
            done.push((position, results));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..processors).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            match other.join() {
                Ok(its) => done.extend(its),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(position, _)| *position);
    let mut all = Vec::with_capacity(count);
    all.extend(done.into_iter().flat_map(|(_, results)| results));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_things() {
        for count in [0, 1, 2, 15, 16, 17, 1000] {
            for processors in [1, 2, 3, 8] {
                let things: Vec<usize> = (0..count).collect();
                let results = on(processors, things.clone(), |thing| thing * 2);
                let expected: Vec<usize> = things.iter().map(|thing| thing * 2).collect();
                assert_eq!(
                    results, expected,
                    "{count} things on {processors} processors"
                );
            }
        }
    }

    #[test]
    fn a_panic_on_another_processor_is_one_here() {
        let found = std::panic::catch_unwind(|| {
            on(2, (0..1000).collect(), |thing| assert_ne!(thing, 999));
        });
        assert!(found.is_err());
    }
}
