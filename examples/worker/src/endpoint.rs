//! A model behind an endpoint that speaks OpenAI's protocol: POST `{base}/embeddings`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::model::{Class, Failure};

/// Texts per request; providers allow hundreds, and an answer stays small enough to be read at once.
const TEXTS_PER_REQUEST: usize = 64;
/// How long a provider that says nothing of it is left alone after HTTP 429.
const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(30);
/// An answer of 64 vectors of 3,072 numbers is some 4 MB.
const MAX_ANSWER_BYTES: u64 = 64 * 1024 * 1024;

/// Where to ask, and for what.
pub struct Endpoint {
    agent: ureq::Agent,
    url: String,
    key: Option<String>,
    pub model: String,
    pub dimensions: usize,
}

impl Endpoint {
    /// `base` is what comes before `/embeddings`, such as `https://api.openai.com/v1`.
    pub fn new(
        base: &str,
        key: Option<String>,
        model: &str,
        dimensions: usize,
        timeout: Duration,
    ) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(timeout))
            .build();
        Self {
            agent: config.into(),
            url: format!("{}/embeddings", base.trim_end_matches('/')),
            key,
            model: model.to_owned(),
            dimensions,
        }
    }

    /// One outcome for each text, in order.
    pub fn embed(&self, texts: &[&str]) -> Vec<Result<Vec<f32>, Failure>> {
        texts
            .chunks(TEXTS_PER_REQUEST)
            .flat_map(|texts| self.embed_some(texts))
            .collect()
    }

    /// A text that the provider refuses must not cost the others their vectors: they are asked for in halves, until it
    /// stands alone.
    fn embed_some(&self, texts: &[&str]) -> Vec<Result<Vec<f32>, Failure>> {
        match self.ask(texts) {
            Ok(vectors) => vectors,
            Err(failure) if failure.class == Class::Fatal && texts.len() > 1 => {
                let (first, second) = texts.split_at(texts.len() / 2);
                let mut outcomes = self.embed_some(first);
                outcomes.extend(self.embed_some(second));
                outcomes
            }
            Err(failure) => texts.iter().map(|_| Err(failure.clone())).collect(),
        }
    }

    fn ask(&self, texts: &[&str]) -> Result<Vec<Result<Vec<f32>, Failure>>, Failure> {
        let mut request = self.agent.post(&self.url);
        if let Some(key) = &self.key {
            request = request.header("Authorization", format!("Bearer {key}"));
        }
        let body = json!({"model": self.model, "input": texts, "encoding_format": "float"});
        let mut response = request
            .send_json(&body)
            .map_err(|error| Failure::retryable(format!("the provider did not answer: {error}")))?;
        let status = response.status().as_u16();
        let retry_after = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok()?.trim().parse().ok())
            .map(Duration::from_secs);
        if let Some(failure) = failure_of(status, retry_after) {
            return Err(failure);
        }
        let answer: Value = response
            .body_mut()
            .with_config()
            .limit(MAX_ANSWER_BYTES)
            .read_json()
            .map_err(|error| Failure::retryable(format!("the answer is no JSON: {error}")))?;
        Ok((0..texts.len())
            .map(|index| self.vector(&answer, index))
            .collect())
    }

    /// The vector of the text with this index in the request. The order of an answer is nowhere promised.
    fn vector(&self, answer: &Value, index: usize) -> Result<Vec<f32>, Failure> {
        let items = answer["data"].as_array().map_or(&[][..], Vec::as_slice);
        let item = items.iter().find(|item| item["index"] == index);
        let numbers = item.and_then(|item| item["embedding"].as_array());
        let vector: Option<Vec<f32>> = numbers
            .into_iter()
            .flatten()
            .map(|number| Some(number.as_f64()? as f32))
            .collect();
        match vector {
            Some(vector)
                if vector.len() == self.dimensions && vector.iter().all(|n| n.is_finite()) =>
            {
                Ok(vector)
            }
            _ => Err(Failure::retryable(format!(
                "the answer has no vector of {} numbers for a text",
                self.dimensions
            ))),
        }
    }
}

/// What a status says about another attempt; none for success.
fn failure_of(status: u16, retry_after: Option<Duration>) -> Option<Failure> {
    let message = format!("the provider answered HTTP {status}");
    let failure = match status {
        200..=299 => return None,
        429 => Failure {
            class: Class::Untried,
            message,
            retry_after: Some(retry_after.unwrap_or(DEFAULT_RETRY_AFTER)),
        },
        // The text: too long, or not allowed.
        400 | 413 | 422 => Failure {
            class: Class::Fatal,
            message,
            retry_after: None,
        },
        // 401, 403 and 404 are the operator's to mend, and 5xx the provider's.
        _ => Failure {
            class: Class::Retryable,
            message,
            retry_after,
        },
    };
    Some(failure)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A provider that gives these answers, one to each request, and what it was asked for.
    fn provider(answers: Vec<String>) -> (String, thread::JoinHandle<Vec<Value>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/v1", listener.local_addr().unwrap());
        let requests = thread::spawn(move || {
            answers
                .iter()
                .map(|answer| serve(&listener, answer))
                .collect()
        });
        (base, requests)
    }

    fn serve(listener: &TcpListener, answer: &str) -> Value {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        if answer != "silence" {
            stream.write_all(answer.as_bytes()).unwrap();
        } else {
            thread::sleep(Duration::from_millis(400));
        }
        serde_json::from_slice(&body).unwrap()
    }

    fn http(status: &str, headers: &str, body: &Value) -> String {
        let body = body.to_string();
        format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}",
            body.len()
        )
    }

    fn vectors(vectors: &[Value]) -> String {
        let data: Vec<Value> = vectors
            .iter()
            .enumerate()
            .rev()
            .map(|(index, vector)| json!({"index": index, "embedding": vector}))
            .collect();
        http("200 OK", "", &json!({"data": data}))
    }

    fn endpoint(base: &str) -> Endpoint {
        Endpoint::new(base, Some("key".into()), "m", 2, Duration::from_millis(200))
    }

    fn classes(outcomes: &[Result<Vec<f32>, Failure>]) -> Vec<Option<Class>> {
        outcomes
            .iter()
            .map(|outcome| outcome.as_ref().err().map(|f| f.class))
            .collect()
    }

    #[test]
    fn each_text_gets_its_vector_whatever_the_order_of_the_answer() {
        let (base, requests) = provider(vec![vectors(&[json!([1, 2]), json!([3.5, 4])])]);
        let outcomes = endpoint(&base).embed(&["a", "b"]);
        let outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
        assert_eq!(outcomes, [[1.0, 2.0], [3.5, 4.0]]);
        assert_eq!(requests.join().unwrap()[0]["input"], json!(["a", "b"]));
    }

    #[test]
    fn a_malformed_vector_spoils_no_other() {
        let bad = [
            json!([1]),
            json!([1, 2, 3]),
            json!("x"),
            json!([1, null]),
            json!([1e300, 1]),
        ];
        for bad in bad {
            let (base, _requests) = provider(vec![vectors(&[json!([1, 2]), bad])]);
            let outcomes = endpoint(&base).embed(&["a", "b"]);
            assert_eq!(classes(&outcomes), [None, Some(Class::Retryable)]);
        }
    }

    #[test]
    fn a_rate_limit_is_kept_as_long_as_the_provider_says() {
        for (header, seconds) in [
            ("Retry-After: 7\r\n", 7),
            ("", 30),
            ("Retry-After: soon\r\n", 30),
        ] {
            let (base, _requests) =
                provider(vec![http("429 Too Many Requests", header, &json!({}))]);
            let failure = endpoint(&base).embed(&["a"]).remove(0).unwrap_err();
            assert_eq!(
                (failure.class, failure.retry_after),
                (Class::Untried, Some(Duration::from_secs(seconds)))
            );
        }
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        for answer in [
            http("500 Internal Server Error", "", &json!({})),
            http("401 Unauthorized", "", &json!({})),
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno!".to_owned(),
            "silence".to_owned(),
        ] {
            let (base, _requests) = provider(vec![answer.clone()]);
            assert_eq!(
                classes(&endpoint(&base).embed(&["a"])),
                [Some(Class::Retryable)],
                "{answer}"
            );
        }
    }

    #[test]
    fn a_text_that_is_refused_stands_alone() {
        let refused = http("400 Bad Request", "", &json!({"error": "too long"}));
        let (base, requests) = provider(vec![refused.clone(), vectors(&[json!([1, 2])]), refused]);
        let outcomes = endpoint(&base).embed(&["a", "b"]);
        assert_eq!(classes(&outcomes), [None, Some(Class::Fatal)]);
        assert_eq!(requests.join().unwrap().len(), 3);
    }
}
