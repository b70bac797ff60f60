//! The promises of frontdesk, proved on a real server with real sessions. Run them with `make test`.

mod acting;
mod bad_input;
mod behaviour;
mod caches;
mod catalogue;
mod chat;
mod dice;
mod documentation;
mod domains;
mod erasure;
mod ingestion;
mod isolation;
mod kept_sets;
mod limits;
mod lints;
mod membership;
mod privileges;
mod queues;
mod restore;
mod search;
mod standby;
mod support;
mod telemetry;
mod writing;
