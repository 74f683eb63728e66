//! Every token server behaves alike: one set of checks, run against each server through the same trait and the same engine. What a
//! server cannot do is not skipped: the check then demands the typed refusal.

#![expect(clippy::unwrap_used, reason = "a check that cannot go on has failed")]

mod access_tokens;
mod coalescing;
mod conflicts;
mod connections;
mod editions;
mod errors;
mod estate;
mod every_server;
mod faults;
mod lists;
mod over_time;
mod politeness;
mod rotation;
mod service_accounts;
mod subject;
mod token_exchange;
mod vendors;

use subject::{Resource, Subject};

/// The checks that hold everywhere, and the servers, named once: a new server is one line here.
macro_rules! on_every_server {
    ($($check:ident,)*) => {
        on_every_server!(@server native_too Native [$($check,)*]);
        on_every_server!(@server openobserve OpenObserve [$($check,)*]);
        on_every_server!(@server chronosphere Chronosphere [$($check,)*]);
        on_every_server!(@server elasticsearch Elasticsearch [$($check,)*]);
        on_every_server!(@server osmo Osmo [$($check,)*]);
        on_every_server!(@server splunk Splunk [$($check,)*]);
    };
    (@server $name:ident $api:ident [$($check:ident,)*]) => {
        mod $name {
            $(
                #[test]
                fn $check() {
                    super::subject::run(lanyard_token_server::Api::$api, super::every_server::$check);
                }
            )*
        }
    };
}

on_every_server! {
    an_account_lives_from_its_first_apply_to_its_last,
    a_token_lives_from_its_first_apply_to_its_last,
    a_new_secret_is_accepted_and_another_is_not,
    what_a_server_does_not_take_is_refused_at_plan,
    a_description_changes_as_the_server_declares,
    a_rename_is_made_as_the_server_declares,
    a_secret_rotates_at_once_or_not_at_all,
    a_grace_period_holds_or_is_refused,
    an_end_is_kept_or_refused,
    an_import_plans_clean_and_changes_nothing,
    a_taken_name_is_an_error_or_taken_over,
    what_was_deleted_elsewhere_is_created_again,
    a_wrong_credential_is_told_as_that,
    nobody_there_is_no_absence,
    a_busy_server_is_waited_for,
    a_creation_survives_trouble_at_its_write,
    a_rotation_survives_trouble_at_its_write,
    a_deletion_survives_trouble_at_its_write,
    thirty_are_made_and_read_at_once,
    a_secret_for_a_recipient_is_hidden_from_the_state,
    it_says_what_it_is,
    what_this_very_server_lacks_is_refused_at_plan,
    many_reads_take_few_calls,
    a_write_is_never_hidden_by_an_older_list,
    a_storm_of_refusals_slows_down_and_fails_nothing,
    what_comes_due_rotates_and_nothing_before,
    what_others_changed_shows_and_is_put_back,
}

/// What only the native server can do whole, in every detail.
macro_rules! conformance {
    ($($file:ident::$check:ident,)*) => {
        conformance!(@server native Native [$($file::$check,)*]);
    };
    (@server $name:ident $api:ident [$($file:ident::$check:ident,)*]) => {
        mod $name {
            $(
                #[test]
                fn $check() {
                    super::subject::run(lanyard_token_server::Api::$api, super::$file::$check);
                }
            )*
        }
    };
}

conformance! {
    service_accounts::an_account_is_what_was_asked_for,
    service_accounts::every_attribute_of_an_account_changes_in_place,
    service_accounts::a_deleted_account_is_gone_and_deleting_it_again_is_success,
    service_accounts::a_secret_of_its_own_is_refused_where_accounts_have_none,
    service_accounts::an_account_changed_elsewhere_shows_and_is_put_right,
    access_tokens::a_token_is_what_was_asked_for,
    access_tokens::a_new_token_authenticates_as_its_account,
    access_tokens::a_token_without_roles_has_those_of_its_account,
    access_tokens::every_attribute_of_a_token_changes_in_place,
    access_tokens::a_deleted_token_is_gone_and_its_secret_refused,
    access_tokens::a_disabled_token_is_refused_until_it_is_enabled,
    access_tokens::an_expired_token_is_refused_and_shows_as_expired,
    access_tokens::a_lifetime_counts_from_the_moment_of_issue,
    access_tokens::a_secret_for_a_recipient_never_stands_in_the_state,
    access_tokens::an_imported_token_plans_clean_and_keeps_its_secret,
    rotation::a_rotation_ends_the_old_secret_at_once,
    rotation::a_grace_period_keeps_the_old_secret_for_as_long_as_it_lasts,
    rotation::the_first_use_of_a_new_secret_ends_the_old_one,
    rotation::a_grace_period_can_be_ended_early,
    rotation::a_due_token_is_rotated_by_the_next_apply,
    rotation::a_secret_replaced_elsewhere_is_replaced_by_ours,
    rotation::a_change_that_comes_with_a_rotation_is_made_as_well,
    conflicts::a_taken_name_is_an_error_that_tells_how_to_go_on,
    conflicts::adopting_takes_over_and_issues_a_new_secret,
    conflicts::replacing_deletes_and_creates_anew,
    conflicts::two_resources_of_one_name_do_not_take_from_each_other,
    conflicts::a_used_token_is_never_taken_for_a_leftover,
    conflicts::what_another_state_has_just_made_is_never_taken_for_a_leftover,
    lists::many_reads_cost_few_calls,
    lists::two_hundred_tokens_are_made_at_once,
    lists::few_reads_in_a_huge_estate_do_not_page_through_it,
    lists::a_list_goes_through_all_pages_and_filters,
    lists::a_list_that_lags_behind_deletes_and_duplicates_nothing,
    connections::a_private_authority_is_trusted_once_it_is_named,
    connections::a_server_says_what_it_is,
    errors::a_wrong_credential_is_told_apart_from_a_weak_one,
    errors::an_attribute_that_the_server_refuses_is_named,
    errors::what_was_deleted_since_the_plan_is_told_as_gone,
    errors::nobody_there_is_an_error_and_never_an_absence,
    errors::too_many_requests_are_waited_for,
    errors::what_another_tool_manages_is_left_alone,
    faults::a_create_survives_each_fault,
    faults::an_update_survives_each_fault,
    faults::a_rotation_survives_each_fault,
    faults::a_delete_survives_each_fault,
    faults::a_create_that_was_killed_leaves_no_orphan,
    faults::a_rotation_that_was_killed_loses_no_token,
    faults::a_write_finishes_though_nobody_waits,
}
