//! Credentials of the shops and services that a domain talks to: sealed with a key that is not in the database.

use std::ffi::{CStr, CString};
use std::path::PathBuf;

use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting};
use pgrx::prelude::*;
use serde_json::Value;

use crate::error::{Error, Result, required};
use crate::keyring::{self, KEY_BYTES, Keyring, NONCE_BYTES, Sealed};
use crate::maintenance::operators_only;
use crate::tenancy::{Domain, Rank};
use crate::{hex, spi};

/// Where the keyring is: a path, below the data directory unless it is absolute.
static KEYRING_FILE: GucSetting<Option<CString>> =
    GucSetting::<Option<CString>>::new(Some(c"frontdesk.keyring"));

/// The longest name of a kind of credentials.
const MAX_KIND_CHARS: usize = 63;
/// Credentials are keys and passwords, not documents.
const MAX_CREDENTIALS_BYTES: usize = 64 << 10;

/// Declares the settings; called when the library is loaded.
pub fn declare_settings() {
    GucRegistry::define_string_guc(
        c"frontdesk.keyring_file",
        c"File with the keys that seal credentials.",
        c"A path, below the data directory unless it is absolute. Keep a copy where dumps are not kept.",
        &KEYRING_FILE,
        GucContext::Sighup,
        GucFlags::SUPERUSER_ONLY,
    );
}

fn keyring_path() -> PathBuf {
    // SAFETY: DataDir is set before the server accepts connections and never changes.
    let data_directory = unsafe { CStr::from_ptr(pg_sys::DataDir) }
        .to_string_lossy()
        .into_owned();
    let file = KEYRING_FILE.get().unwrap_or_default();
    PathBuf::from(data_directory).join(file.to_string_lossy().as_ref())
}

fn refused(error: keyring::Error) -> Error {
    let hint = match error {
        keyring::Error::Missing => "A superuser makes one: select frontdesk.create_keyring();",
        keyring::Error::Exists => "Add a key instead: select frontdesk.rotate_keyring();",
        keyring::Error::OpenToOthers(_) => {
            "Run on the server: chmod 600 on the file of frontdesk.keyring_file."
        }
        keyring::Error::UnknownKey(_) => {
            "Put the keyring back that the server had when the value was sealed."
        }
        keyring::Error::NotAuthentic => "Set the credentials again with frontdesk.set_credentials.",
        keyring::Error::File(_) | keyring::Error::Malformed(_) => {
            "Look at the file of frontdesk.keyring_file on the server."
        }
    };
    Error::NotReady(error.to_string(), hint)
}

fn opened_keyring() -> Result<Keyring> {
    Ok(Keyring::read(&keyring_path()).map_err(refused)?)
}

/// Bytes from the random source of the server's own keys.
pub fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    // SAFETY: pg_strong_random writes exactly the given number of bytes to the given buffer, and says whether it could.
    let is_filled = unsafe { pg_sys::pg_strong_random(bytes.as_mut_ptr().cast(), N) };
    if is_filled {
        Ok(bytes)
    } else {
        Err(Error::Internal("the server has no random numbers".into()).into())
    }
}

/// Makes the keyring with its first key, and returns the key's id. Copy the file to where database dumps are not kept:
/// without it sealed credentials cannot be read again.
///
/// Raises 42501 unless called by a superuser, 55000 when there is a keyring.
#[pg_extern(schema = "frontdesk")]
fn create_keyring() -> Result<String> {
    superusers_only()?;
    let id = new_key_id()?;
    Keyring::create(&keyring_path(), &id, random_bytes::<KEY_BYTES>()?).map_err(refused)?;
    Ok(id)
}

/// Adds a key, which seals from now on, and returns its id. What older keys sealed still opens; rotate_credentials seals
/// it again.
///
/// Raises 42501 unless called by a superuser, 55000 when there is no keyring.
#[pg_extern(schema = "frontdesk")]
fn rotate_keyring() -> Result<String> {
    superusers_only()?;
    let id = new_key_id()?;
    Keyring::add(&keyring_path(), &id, random_bytes::<KEY_BYTES>()?).map_err(refused)?;
    Ok(id)
}

fn new_key_id() -> Result<String> {
    Ok(hex::encode(&random_bytes::<8>()?))
}

fn superusers_only() -> Result<()> {
    // SAFETY: superuser() reads the current user id and a catalogue cache; it takes no arguments.
    if unsafe { pg_sys::superuser() } {
        return Ok(());
    }
    Err(Error::NotAllowed(
        "only a superuser may change the keyring".into(),
        "It is a file of the server; connect as its superuser.",
    )
    .into())
}

/// What a sealed value belongs to: it opens for no other domain and kind.
fn context(config_id: pgrx::Uuid, kind: &str) -> String {
    format!("frontdesk credentials {config_id} {kind}")
}

/// Seals and stores credentials of a domain for one kind of service, such as `shopify`; NULL removes them. For admins and
/// owners of the domain's organization and for operators.
///
/// Raises P0002 for a domain that does not exist or is not the caller's, 22023 for a kind that is no name, 54000 for more
/// than 64 kB, 55000 without a keyring.
#[pg_extern(schema = "frontdesk", security_definer)]
fn set_credentials(
    domain: Option<&str>,
    kind: Option<&str>,
    credentials: Option<pgrx::JsonB>,
) -> Result<()> {
    let domain = Domain::resolve(domain, Rank::Admin)?;
    let config_id = configuration(&domain)?;
    let kind = checked_kind(required("kind", kind)?)?;
    let Some(pgrx::JsonB(credentials)) = credentials else {
        spi::execute(
            include_str!("../sql/queries/credentials/remove.sql"),
            &[config_id.into(), kind.into()],
        )?;
        return Ok(());
    };
    let text = credentials.to_string();
    if text.len() > MAX_CREDENTIALS_BYTES {
        return Err(Error::TooLarge(
            format!(
                "credentials of {} bytes are above the limit of {MAX_CREDENTIALS_BYTES}",
                text.len()
            ),
            "Store keys and passwords only.",
        )
        .into());
    }
    store(
        config_id,
        kind,
        &sealed(&opened_keyring()?, config_id, kind, text.as_bytes())?,
    )
}

fn sealed(keyring: &Keyring, config_id: pgrx::Uuid, kind: &str, text: &[u8]) -> Result<Sealed> {
    let nonce = random_bytes::<NONCE_BYTES>()?;
    Ok(keyring
        .seal(text, &context(config_id, kind), nonce)
        .map_err(refused)?)
}

fn store(config_id: pgrx::Uuid, kind: &str, sealed: &Sealed) -> Result<()> {
    let sealed =
        serde_json::to_value(sealed).map_err(|error| Error::Internal(error.to_string()))?;
    spi::execute(
        include_str!("../sql/queries/credentials/store.sql"),
        &[config_id.into(), kind.into(), pgrx::JsonB(sealed).into()],
    )?;
    Ok(())
}

fn configuration(domain: &Domain) -> Result<pgrx::Uuid> {
    domain.config_id.ok_or_else(|| {
        Error::NotReady(
            "the domain has no configuration".into(),
            "Make it with frontdesk.register_domain(organization_id, domain).",
        )
        .into()
    })
}

fn checked_kind(kind: &str) -> Result<&str> {
    let is_name = (1..=MAX_KIND_CHARS).contains(&kind.len())
        && kind
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if is_name {
        return Ok(kind);
    }
    Err(Error::InvalidArgument(
        format!("kind must be 1 to {MAX_KIND_CHARS} lower-case letters, digits and underscores"),
        "Name the service, such as 'shopify' or 'woocommerce'.",
    )
    .into())
}

/// The credentials of a domain for one kind of service, or NULL when it has none. For operators only.
///
/// Raises 42501 unless called by an operator, P0002 for a domain that does not exist, 55000 without the key that sealed
/// them or when the stored value was changed.
#[pg_extern(schema = "frontdesk", stable, security_definer)]
fn get_credentials(domain: Option<&str>, kind: Option<&str>) -> Result<Option<pgrx::JsonB>> {
    operators_only("read credentials")?;
    let domain = Domain::resolve(domain, Rank::Admin)?;
    let config_id = configuration(&domain)?;
    let kind = checked_kind(required("kind", kind)?)?;
    let stored = spi::select_one(
        include_str!("../sql/queries/credentials/stored.sql"),
        &[config_id.into(), kind.into()],
        |row| spi::column::<pgrx::JsonB>(row, 1),
    )?;
    match stored.flatten() {
        Some(pgrx::JsonB(stored)) => {
            let text = opened(&opened_keyring()?, config_id, kind, stored)?;
            let value =
                serde_json::from_slice(&text).map_err(|_| refused(keyring::Error::NotAuthentic))?;
            Ok(Some(pgrx::JsonB(value)))
        }
        None => Ok(None),
    }
}

fn opened(keyring: &Keyring, config_id: pgrx::Uuid, kind: &str, stored: Value) -> Result<Vec<u8>> {
    let sealed: Sealed =
        serde_json::from_value(stored).map_err(|_| refused(keyring::Error::NotAuthentic))?;
    Ok(keyring
        .open(&sealed, &context(config_id, kind))
        .map_err(refused)?)
}

/// Seals credentials again that an older key sealed, at most `max_rows` of them, and returns how many; 0 means that the
/// older keys seal nothing any more.
///
/// Raises 42501 unless called by an operator, 22023 for `max_rows` below 1, 55000 as get_credentials.
#[pg_extern(schema = "frontdesk", security_definer)]
fn rotate_credentials(max_rows: default!(Option<i32>, "1000")) -> Result<i32> {
    operators_only("rotate credentials")?;
    let max_rows = required("max_rows", max_rows)?;
    if max_rows < 1 {
        return Err(Error::InvalidArgument(
            format!("max_rows must be at least 1, got {max_rows}"),
            "Leave it out for 1,000.",
        )
        .into());
    }
    let keyring = opened_keyring()?;
    let older: Vec<(pgrx::Uuid, String, pgrx::JsonB)> = spi::write(
        include_str!("../sql/queries/credentials/sealed_by_older_keys.sql"),
        &[keyring.current_id().into(), max_rows.into()],
        |row| {
            Ok((
                spi::value(row, 1)?,
                spi::value(row, 2)?,
                spi::value(row, 3)?,
            ))
        },
    )?;
    for (config_id, kind, pgrx::JsonB(stored)) in &older {
        let text = opened(&keyring, *config_id, kind, stored.clone())?;
        store(
            *config_id,
            kind,
            &sealed(&keyring, *config_id, kind, &text)?,
        )?;
    }
    Ok(i32::try_from(older.len()).unwrap_or(i32::MAX))
}
