//! The worker against a provider that fails in every way, on a real database:
//! `tools/worker-tests 15`

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use postgres::{Client, Config, NoTls};
use serde_json::{Value, json};

const DATABASE: &str = "frontdesk_worker";
const PATIENCE: Duration = Duration::from_secs(120);

fn connect(database: &str) -> Client {
    let host = env::var("PGHOST").expect("PGHOST is not set: run through tools/with-cluster");
    let mut config = Config::new();
    config.host_path(host).dbname(database).user("postgres");
    config.connect(NoTls).expect("connect")
}

/// A database with twenty pages of one domain.
fn create() -> Client {
    let mut server = connect("postgres");
    for sql in [
        format!("drop database if exists {DATABASE} with (force)"),
        format!("create database {DATABASE}"),
    ] {
        server.batch_execute(&sql).expect("a fresh database");
    }
    let mut client = connect(DATABASE);
    client
        .batch_execute(
            "create extension frontdesk cascade;
             select frontdesk.set_embedding_model('fake', 2);
             insert into domains (domain) values ('tea.example'); insert into customer_configs (domain) values ('tea.example');
             select frontdesk.ingest_page('tea.example', 'https://tea.example/' || i,
                 '<h1>Page ' || i || '</h1><p>Tea number ' || i || case i when 7 then ' is refused' else '' end || '.</p>')
             from generate_series(1, 20) as i",
        )
        .expect("pages");
    client
}

/// A provider that answers in turn with HTTP 429, HTTP 500, a malformed vector, silence, and then as it should; and never to
/// a text that is "refused".
fn provider() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}/v1", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for (turn, stream) in listener.incoming().enumerate() {
            thread::spawn(move || serve(stream.expect("a connection"), turn));
        }
    });
    base
}

fn serve(mut stream: TcpStream, turn: usize) {
    let texts = texts(&stream);
    let vectors = |bad: bool| -> Value {
        let vector = |index: usize| {
            if bad && index == 0 {
                json!([1])
            } else {
                json!([1, 2])
            }
        };
        let data =
            (0..texts.len()).map(|index| json!({"index": index, "embedding": vector(index)}));
        json!({"data": data.collect::<Vec<_>>()})
    };
    let (status, body) = match turn {
        0 => ("429 Too Many Requests\r\nRetry-After: 1", json!({})),
        1 => ("500 Internal Server Error", json!({})),
        2 => ("200 OK", vectors(true)),
        3 => return thread::sleep(Duration::from_secs(4)),
        _ if texts.iter().any(|text| text.contains("refused")) => ("400 Bad Request", json!({})),
        _ => ("200 OK", vectors(false)),
    };
    let body = body.to_string();
    let length = body.len();
    let answer =
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    // A worker that was stopped does not wait for it.
    let _ = stream.write_all(answer.as_bytes());
}

fn texts(stream: &TcpStream) -> Vec<String> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a header");
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    let texts = body["input"].as_array().expect("texts").iter();
    texts
        .map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}

fn worker(base: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_frontdesk-worker"))
        .args([
            "run",
            "--endpoint",
            base,
            "--model",
            "fake",
            "--dimensions",
            "2",
        ])
        .args(["--batch", "3", "--timeout", "2", "--poll", "1"])
        .env("PGUSER", "postgres")
        .env("PGDATABASE", DATABASE)
        .spawn()
        .expect("start the worker")
}

fn count(client: &mut Client, condition: &str) -> i64 {
    let sql = format!("select count(*) from embedding_queue where {condition}");
    client.query_one(&sql, &[]).expect("count").get(0)
}

/// Lets pauses pass until as many jobs are in this state.
fn wait_for(client: &mut Client, jobs: i64, condition: &str) {
    let until = Instant::now() + PATIENCE;
    while count(client, condition) != jobs {
        assert!(
            Instant::now() < until,
            "{} jobs of {jobs}: {condition}",
            count(client, condition)
        );
        client
            .batch_execute(
                "update frontdesk_internal.chunk_failures set not_before = now() where not_before > now();
                 update embedding_queue set not_before = now() where not_before > now()",
            )
            .expect("end the pauses");
        thread::sleep(Duration::from_millis(200));
    }
}

#[test]
#[ignore = "needs a server: tools/worker-tests 15"]
fn every_text_is_embedded_but_the_one_that_is_refused_and_a_signal_returns_the_leases() {
    let mut client = create();
    let base = provider();
    let mut first = worker(&base);
    wait_for(&mut client, 19, "status = 'completed'");
    wait_for(
        &mut client,
        1,
        "status = 'failed' and error_message like '%400'",
    );
    client
        .batch_execute("update page_embeddings set embedding = null; update embedding_queue set status = 'pending'")
        .expect("queue everything again");
    thread::sleep(Duration::from_millis(500));
    let pid = first.id().to_string();
    Command::new("kill")
        .args(["-TERM", &pid])
        .status()
        .expect("send SIGTERM");
    assert!(first.wait().expect("the worker ends").success());
    assert_eq!(count(&mut client, "lease_token is not null"), 0);
    let mut second = worker(&base);
    wait_for(&mut client, 19, "status = 'completed'");
    second.kill().expect("end the worker");
    second.wait().expect("bury the worker");
}
