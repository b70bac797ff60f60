//! The promises of frontdesk, proved on a real server with real sessions. Run them with `make test`.

mod acting;
mod behaviour;
mod catalogue;
mod documentation;
mod domains;
mod erasure;
mod isolation;
mod limits;
mod lints;
mod membership;
mod privileges;
mod restore;
mod support;
mod telemetry;
mod writing;
