//! Every token server behaves alike: one set of checks, run against each server through the same trait and the same engine. What a
//! server cannot do is not skipped: the check then demands the typed refusal.

#![expect(clippy::unwrap_used, reason = "a check that cannot go on has failed")]

mod estate;
mod every_server;
pub(crate) mod finding;
mod one_server;
pub(crate) mod report;
mod subject;

use subject::{Resource, Subject};

/// The checks that hold everywhere, and the servers, named once: a new server is one line here.
macro_rules! on_every_server {
    ($($room:ident::$check:ident,)*) => {
        /// In the order of the report.
        const CHECKS: &[&str] = &[$(stringify!($check)),*];
        on_every_server!(@server native Native [$($room::$check,)*]);
        on_every_server!(@server chronosphere Chronosphere [$($room::$check,)*]);
        on_every_server!(@server elasticsearch Elasticsearch [$($room::$check,)*]);
        on_every_server!(@server openobserve OpenObserve [$($room::$check,)*]);
        on_every_server!(@server osmo Osmo [$($room::$check,)*]);
        on_every_server!(@server splunk Splunk [$($room::$check,)*]);
    };
    (@server $name:ident $api:ident [$($room:ident::$check:ident,)*]) => {
        mod $name {
            $(
                #[test]
                fn $check() {
                    super::subject::run(
                        lanyard_token_server::Api::$api,
                        stringify!($check),
                        super::every_server::$room::$check,
                    );
                }
            )*
        }
    };
}

on_every_server! {
    life::an_account_lives_from_its_first_apply_to_its_last,
    life::a_token_lives_from_its_first_apply_to_its_last,
    life::a_new_secret_is_accepted_and_another_is_not,
    life::a_secret_for_a_recipient_is_hidden_from_the_state,
    life::thirty_are_made_and_read_at_once,
    attributes::what_a_server_does_not_take_is_refused_at_plan,
    attributes::a_description_changes_as_the_server_declares,
    attributes::a_rename_is_made_as_the_server_declares,
    secrets::a_secret_rotates_at_once_or_not_at_all,
    secrets::a_grace_period_holds_or_is_refused,
    secrets::an_end_is_kept_or_refused,
    secrets::what_does_not_work_is_told_by_the_write_as_by_the_read,
    secrets::a_refusal_that_quotes_a_new_secret_shows_none_of_it,
    contest::of_two_rotations_at_once_at_most_one_succeeds,
    over_time::what_comes_due_rotates_and_nothing_before,
    over_time::a_clock_that_is_wrong_ends_nothing,
    over_time::what_others_changed_shows_and_is_put_back,
    over_time::a_saved_plan_undoes_nothing_that_others_changed,
    over_time::a_saved_plan_rotates_no_token_whose_account_others_changed,
    others::an_import_plans_clean_and_changes_nothing,
    others::a_taken_name_is_an_error_or_taken_over,
    others::a_taken_name_is_made_free_or_that_is_refused,
    others::what_was_deleted_elsewhere_is_created_again,
    others::what_others_replaced_is_deleted_once_it_was_read,
    others::a_saved_plan_that_counts_on_a_dead_secret_fails,
    others::a_token_of_an_account_that_is_not_there_is_refused_at_its_place,
    connection::it_says_what_it_is,
    connection::a_wrong_credential_is_told_as_that,
    connection::nobody_there_is_no_absence,
    connection::a_busy_server_is_waited_for,
    editions::what_this_very_server_lacks_is_refused_at_plan,
    led_elsewhere::another_server_with_the_same_names_is_no_all_clear,
    led_elsewhere::a_plan_for_one_server_touches_no_other_one,
    led_elsewhere::what_another_server_does_not_have_is_not_gone,
    led_elsewhere::another_address_of_the_same_server_changes_nothing,
    replacement::a_replacement_leaves_a_secret_that_works_in_either_order,
    coalescing::many_reads_take_few_calls,
    coalescing::a_write_is_never_hidden_by_an_older_list,
    politeness::a_storm_of_refusals_slows_down_and_fails_nothing,
    trouble::a_creation_survives_trouble_at_its_write,
    trouble::a_creation_that_loses_several_answers_leaves_nothing_behind,
    trouble::a_rotation_survives_trouble_at_its_write,
    trouble::a_secret_that_was_issued_is_kept_whatever_fails_after_it,
    trouble::a_deletion_survives_trouble_at_its_write,
}

/// What one server alone can do, in every detail.
macro_rules! on_one_server {
    ($($name:ident $api:ident { $($($room:ident)::+,)* })*) => {
        /// Of each server, by its name, in the order of the report.
        const ALONE: &[(&str, &str)] = &[
            $($(on_one_server!(@title $name $($room)::+),)*)*
        ];
        mod alone {
            $(
                mod $name {
                    $(on_one_server!(@test $api [] $($room)::+);)*
                }
            )*
        }
    };
    (@title $name:ident $check:ident) => {
        (stringify!($name), stringify!($check))
    };
    (@title $name:ident $next:ident::$($rest:ident)::+) => {
        on_one_server!(@title $name $($rest)::+)
    };
    (@test $api:ident [$($room:ident)*] $check:ident) => {
        #[test]
        fn $check() {
            crate::conformance::subject::run_alone(
                lanyard_token_server::Api::$api,
                stringify!($check),
                crate::conformance::one_server$(::$room)*::$check,
            );
        }
    };
    (@test $api:ident [$($room:ident)*] $next:ident::$($rest:ident)::+) => {
        on_one_server!(@test $api [$($room)* $next] $($rest)::+);
    };
}

on_one_server! {
    native Native {
        native::service_accounts::an_account_is_what_was_asked_for,
        native::service_accounts::every_attribute_of_an_account_changes_in_place,
        native::service_accounts::a_deleted_account_is_gone_and_deleting_it_again_is_success,
        native::service_accounts::a_secret_of_its_own_is_refused_where_accounts_have_none,
        native::service_accounts::an_account_changed_elsewhere_shows_and_is_put_right,
        native::access_tokens::a_token_is_what_was_asked_for,
        native::access_tokens::a_rotation_that_comes_with_no_end_any_more_takes_the_end_away,
        native::access_tokens::a_new_token_authenticates_as_its_account,
        native::access_tokens::a_token_without_roles_has_those_of_its_account,
        native::access_tokens::every_attribute_of_a_token_changes_in_place,
        native::access_tokens::a_deleted_token_is_gone_and_its_secret_refused,
        native::access_tokens::a_disabled_token_is_refused_until_it_is_enabled,
        native::access_tokens::an_expired_token_is_refused_and_shows_as_expired,
        native::access_tokens::a_lifetime_counts_from_the_moment_of_issue,
        native::access_tokens::a_secret_for_a_recipient_never_stands_in_the_state,
        native::access_tokens::an_imported_token_plans_clean_and_keeps_its_secret,
        native::rotation::a_rotation_ends_the_old_secret_at_once,
        native::rotation::a_grace_period_keeps_the_old_secret_for_as_long_as_it_lasts,
        native::rotation::the_first_use_of_a_new_secret_ends_the_old_one,
        native::rotation::a_grace_period_can_be_ended_early,
        native::rotation::a_due_token_is_rotated_by_the_next_apply,
        native::rotation::a_secret_replaced_elsewhere_is_replaced_by_ours,
        native::rotation::a_change_that_comes_with_a_rotation_is_made_as_well,
        native::conflicts::a_taken_name_is_an_error_that_tells_how_to_go_on,
        native::conflicts::adopting_takes_over_and_issues_a_new_secret,
        native::conflicts::replacing_deletes_and_creates_anew,
        native::conflicts::two_resources_of_one_name_do_not_take_from_each_other,
        native::conflicts::what_a_state_holds_is_never_a_leftover,
        native::conflicts::a_used_token_is_never_taken_for_a_leftover,
        native::conflicts::what_another_state_has_just_made_is_never_taken_for_a_leftover,
        native::lists::many_reads_cost_few_calls,
        native::lists::two_hundred_tokens_are_made_at_once,
        native::lists::few_reads_in_a_huge_estate_do_not_page_through_it,
        native::lists::a_list_goes_through_all_pages_and_filters,
        native::lists::a_list_that_lags_behind_deletes_and_duplicates_nothing,
        native::connections::a_private_authority_is_trusted_once_it_is_named,
        native::connections::a_server_says_what_it_is,
        native::errors::a_wrong_credential_is_told_apart_from_a_weak_one,
        native::errors::an_attribute_that_the_server_refuses_is_named,
        native::errors::what_was_deleted_since_the_plan_is_told_as_gone,
        native::errors::nobody_there_is_an_error_and_never_an_absence,
        native::errors::too_many_requests_are_waited_for,
        native::errors::what_another_tool_manages_is_left_alone,
        native::faults::a_create_survives_each_fault,
        native::faults::an_update_survives_each_fault,
        native::faults::a_rotation_survives_each_fault,
        native::faults::a_delete_survives_each_fault,
        native::faults::a_create_that_was_killed_leaves_no_orphan,
        native::faults::a_rotation_that_was_killed_loses_no_token,
        native::faults::a_write_finishes_though_nobody_waits,
        more_power::what_is_created_with_more_power_is_undone,
        more_power::what_is_changed_and_has_more_power_is_told,
        more_power::what_is_rotated_and_has_more_power_is_told,
        token_exchange::the_native_server_exchanges_as_the_rfc_says,
        token_exchange::a_server_without_token_exchange_is_told_as_that,
    }
    chronosphere Chronosphere {
        chronosphere::a_chronosphere_account_is_restricted_and_replaced_to_change_that,
        chronosphere::large_pages_are_asked_for,
        chronosphere::an_account_that_was_made_anew_is_another,
        more_power::what_is_created_with_more_power_is_undone,
    }
    elasticsearch Elasticsearch {
        elasticsearch::a_built_in_account_is_adopted_and_never_deleted,
        elasticsearch::a_disabled_token_of_another_cluster_is_tried_when_it_works,
        elasticsearch::a_revoked_token_ends_though_the_server_could_not_clear_its_cache,
        elasticsearch::a_token_of_a_nodes_file_is_nobodys,
        elasticsearch::a_change_of_one_attribute_leaves_the_others,
        elasticsearch::tokens_without_their_account_are_dead,
        elasticsearch::what_a_lost_answer_made_is_found_though_lists_lag,
        elasticsearch::a_write_that_did_the_other_thing_is_no_success,
        elasticsearch::one_refusal_of_a_secret_at_another_address_is_no_proof,
        elasticsearch::each_kind_of_credential_signs_in,
        more_power::what_is_created_with_more_power_is_undone,
        more_power::what_is_changed_and_has_more_power_is_told,
    }
    openobserve OpenObserve {
        openobserve::accounts::people_and_the_vendors_own_account_are_left_alone,
        openobserve::accounts::an_account_is_deleted_only_where_it_is_listed,
        openobserve::accounts::of_two_creations_at_one_moment_the_later_one_fails,
        openobserve::accounts::an_account_is_deleted_after_the_token_that_was_its_secret,
        openobserve::accounts::roles_are_granted_and_taken_and_put_back,
        openobserve::accounts::an_account_that_is_configured_by_its_address_keeps_any_name,
        openobserve::accounts::a_lost_creation_is_looked_for_under_its_address,
        openobserve::versions::a_version_that_would_replace_the_wrong_token_is_not_asked_to_rotate,
        openobserve::versions::a_version_that_shows_no_secret_on_creation_shows_it_afterwards,
        openobserve::versions::lists_and_checks_that_come_late_are_waited_for,
        openobserve::ingestion::the_default_ingestion_token_is_adopted_rotated_and_disabled,
        openobserve::ingestion::the_default_ingestion_token_of_another_organization_is_not_rotated,
        openobserve::sealed::a_secret_for_a_recipient_that_others_replaced_is_replaced,
        openobserve::sealed::an_ingestion_token_for_a_recipient_that_others_replaced_is_replaced,
        token_exchange::dex_exchanges_by_its_connectors,
        token_exchange::openobserve_wraps_it,
    }
    osmo Osmo {
        osmo::a_sign_in_that_ended_is_renewed,
        osmo::a_user_that_was_made_without_its_roles_gets_them,
        osmo::a_service_whose_database_is_away_for_a_moment_is_asked_again,
        osmo::an_end_within_a_day_is_rounded_down_and_said_at_plan,
        osmo::a_role_that_is_taken_from_a_user_is_lost_to_its_tokens,
        osmo::a_token_of_a_user_that_was_made_anew_is_another,
        osmo::a_token_that_was_made_anew_is_known_by_its_end_and_its_roles,
        more_power::what_is_created_with_more_power_is_undone,
        more_power::what_is_rotated_and_has_more_power_is_told,
    }
    splunk Splunk {
        splunk::a_splunk_token_has_limits_and_tells_people_of_them,
        splunk::a_taken_name_that_splunk_calls_not_acceptable_is_a_taken_name,
        splunk::what_splunk_does_not_do_is_no_success,
        splunk::an_adopted_token_ends_as_configured_after_the_first_apply,
        splunk::a_token_whose_age_is_past_its_ttl_is_not_adopted,
        splunk::a_secret_that_no_answer_has_is_told_as_an_error,
        splunk::a_secret_for_a_recipient_that_others_replaced_is_replaced_at_once,
        splunk::an_email_address_and_a_password_sign_in,
        splunk::what_a_token_of_the_organization_does_not_see_is_not_gone,
        splunk::what_another_organization_does_not_have_is_not_gone,
        more_power::what_is_created_with_more_power_is_undone,
        more_power::what_is_rotated_and_has_more_power_is_told,
    }
}
