//! Where the database is: a URL, or the PG* variables that psql reads too.

use std::env;
use std::error::Error;

use postgres::{Client, Config, NoTls};

/// Connects to `url`, or to what PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE name, and works as service_role.
///
/// A login that is a member of service_role inherits its privileges, but sees every tenant's queue only in that role.
/// There is no TLS in this example: use a Unix socket or a private network.
pub fn connect(url: Option<&str>) -> Result<Client, Box<dyn Error>> {
    let mut config = match url {
        Some(url) => url.parse()?,
        None => from_environment()?,
    };
    config.application_name("frontdesk-worker");
    let mut client = config.connect(NoTls)?;
    client.batch_execute("set role service_role")?;
    Ok(client)
}

fn from_environment() -> Result<Config, Box<dyn Error>> {
    let user = variable("PGUSER")
        .or_else(|| variable("USER"))
        .unwrap_or_else(|| "postgres".into());
    let mut config = Config::new();
    config.host(&variable("PGHOST").unwrap_or_else(|| "/var/run/postgresql".into()));
    config.dbname(&variable("PGDATABASE").unwrap_or_else(|| user.clone()));
    config.user(&user);
    if let Some(port) = variable("PGPORT") {
        config.port(port.parse()?);
    }
    if let Some(password) = variable("PGPASSWORD") {
        config.password(password);
    }
    Ok(config)
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// One line for people: what Postgres said with its SQLSTATE and hint, otherwise the error and its causes.
pub fn explain(error: &(dyn Error + 'static)) -> String {
    let database = error
        .downcast_ref::<postgres::Error>()
        .and_then(postgres::Error::as_db_error);
    match database {
        Some(error) => {
            let hint = error.hint().map(|hint| format!(" (hint: {hint})"));
            format!(
                "{} [{}]{}",
                error.message(),
                error.code().code(),
                hint.unwrap_or_default()
            )
        }
        None => with_causes(error),
    }
}

fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let message = error.to_string();
        if !text.contains(&message) {
            text = format!("{text}: {message}");
        }
        cause = error.source();
    }
    text
}
