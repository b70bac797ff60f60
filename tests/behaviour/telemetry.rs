//! Sums that a telemetry client leaves out are worked out; what it sends stays. The rollups have tests of their own.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{Database, Sql};

/// Writes one request and returns its total_tokens and duration_ms.
fn stored(client: &mut Client, columns: &str, values: &str) -> String {
    client.row(&format!(
        "insert into chat_telemetry (session_id, model, {columns}) values ('s', 'm', {values})
         returning total_tokens, duration_ms"
    ))
}

/// Changes the requests and returns total_tokens and duration_ms of the one there is.
fn changed(client: &mut Client, change: &str) -> String {
    client.row(&format!(
        "update chat_telemetry set {change} returning total_tokens, duration_ms"
    ))
}

fn database() -> (Database, Client) {
    let db = Database::new();
    let client = db.superuser();
    (db, client)
}

const SECOND_AND_A_HALF: &str = "'2025-01-01 10:00:00', '2025-01-01 10:00:01.5'";

#[test]
fn sums_that_are_absent_are_worked_out() {
    let (_db, mut client) = database();
    let row = stored(
        &mut client,
        "start_time, end_time, input_tokens, output_tokens",
        &format!("{SECOND_AND_A_HALF}, 10, 5"),
    );
    assert_eq!(row, "15|1500");
}

#[test]
fn sums_that_are_sent_stay_as_sent() {
    let (_db, mut client) = database();
    let row = stored(
        &mut client,
        "start_time, end_time, input_tokens, output_tokens, total_tokens, duration_ms",
        &format!("{SECOND_AND_A_HALF}, 10, 5, 99, 0"),
    );
    assert_eq!(row, "99|0");
    assert_eq!(
        changed(
            &mut client,
            "input_tokens = 100, end_time = '2025-01-01 10:01'"
        ),
        "99|0"
    );
}

#[test]
fn a_request_that_has_not_ended_has_no_duration() {
    let (_db, mut client) = database();
    assert_eq!(stored(&mut client, "start_time", "'2025-01-01'"), "0|null");
}

#[test]
fn the_sums_follow_when_the_rest_of_a_request_comes() {
    let (_db, mut client) = database();
    stored(
        &mut client,
        "start_time, input_tokens",
        "'2025-01-01 10:00', 10",
    );
    assert_eq!(
        changed(
            &mut client,
            "output_tokens = 7, end_time = '2025-01-01 10:00:02'"
        ),
        "17|2000"
    );
    assert_eq!(
        changed(
            &mut client,
            "output_tokens = 8, end_time = '2025-01-01 10:00:03'"
        ),
        "18|3000"
    );
}

#[test]
fn a_sum_that_is_sent_later_stays_from_then_on() {
    let (_db, mut client) = database();
    stored(
        &mut client,
        "start_time, end_time, input_tokens",
        &format!("{SECOND_AND_A_HALF}, 10"),
    );
    assert_eq!(
        changed(&mut client, "total_tokens = 99, duration_ms = 7"),
        "99|7"
    );
    assert_eq!(
        changed(&mut client, "input_tokens = 11, end_time = '2025-01-02'"),
        "99|7"
    );
}

#[test]
fn a_sum_that_is_cleared_is_worked_out_again() {
    let (_db, mut client) = database();
    stored(
        &mut client,
        "start_time, end_time, input_tokens, total_tokens, duration_ms",
        &format!("{SECOND_AND_A_HALF}, 10, 99, 99"),
    );
    assert_eq!(
        changed(&mut client, "total_tokens = null, duration_ms = null"),
        "10|1500"
    );
}

#[test]
fn unknown_tokens_have_no_sum() {
    let (_db, mut client) = database();
    let columns = "start_time, input_tokens, output_tokens";
    assert_eq!(
        stored(&mut client, columns, "'2025-01-01', null, null"),
        "null|null"
    );
    assert_eq!(
        stored(&mut client, columns, "'2025-01-01', null, 5"),
        "5|null"
    );
}

#[test]
fn no_request_is_refused_for_its_numbers() {
    let (_db, mut client) = database();
    let columns = "start_time, end_time, input_tokens, output_tokens";
    for (values, expected) in [
        // More tokens, and more milliseconds, than an integer holds.
        (
            "'1900-01-01', '2025-01-01', 2147483647, 2147483647",
            "2147483647|2147483647",
        ),
        // A clock that ran backwards.
        ("'2025-01-02', '2025-01-01', 1, 1", "2|0"),
        ("'-infinity', 'infinity', 1, 1", "2|null"),
        ("'4713-01-01 BC', '294276-12-31', 1, -5", "-4|2147483647"),
    ] {
        assert_eq!(stored(&mut client, columns, values), expected, "{values}");
        client.run("update chat_telemetry set end_time = end_time, input_tokens = input_tokens");
    }
}

#[test]
fn tokens_used_stays_as_sent() {
    let (_db, mut client) = database();
    stored(
        &mut client,
        "start_time, input_tokens, tokens_used",
        "'2025-01-01', 10, null",
    );
    changed(&mut client, "output_tokens = 5");
    assert_eq!(client.row("select tokens_used from chat_telemetry"), "null");
}
