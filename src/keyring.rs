//! Keys that are not in the database: a file beside it, which no dump contains and no role can read through SQL.
//!
//! The file has one key a line, `id key`, the key as 64 hexadecimal digits (256 bits). The last line is the current key;
//! the others open what was sealed before. Sealing is XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): its 192-bit nonces
//! may be drawn at random, and what was changed or moved elsewhere does not open.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};

use crate::hex;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Bytes of a nonce.
pub const NONCE_BYTES: usize = 24;
/// Only its owner may do anything with the file.
const FILE_MODE: u32 = 0o600;
/// The permissions of everybody but the owner.
const OTHERS: u32 = 0o077;

/// Why the keyring cannot be used. None of the texts holds anything of a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// There is no file.
    Missing,
    /// There is one already.
    Exists,
    /// The file could not be read or written.
    File(String),
    /// Somebody else may read the file.
    OpenToOthers(u32),
    /// A line is not `id key`.
    Malformed(usize),
    /// Something was sealed with a key that is not in the file.
    UnknownKey(String),
    /// Something does not open: it was changed, or belongs to something else.
    NotAuthentic,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no keyring"),
            Self::Exists => f.write_str("there is a keyring already"),
            Self::File(reason) => write!(f, "the keyring could not be used: {reason}"),
            Self::OpenToOthers(mode) => {
                write!(
                    f,
                    "the keyring must be its owner's alone, but its mode is {mode:04o}"
                )
            }
            Self::Malformed(line) => write!(f, "line {line} of the keyring is not an id and a key"),
            Self::UnknownKey(id) => write!(f, "key \"{id}\" is not in the keyring"),
            Self::NotAuthentic => f.write_str("the sealed value was changed or belongs elsewhere"),
        }
    }
}

impl std::error::Error for Error {}

struct Key {
    id: String,
    secret: [u8; KEY_BYTES],
}

/// The keys of a server; there is at least one.
pub struct Keyring(Vec<Key>);

/// A sealed value, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The id of the key.
    pub key: String,
    /// Hexadecimal.
    pub nonce: String,
    /// The encrypted value and its tag, hexadecimal.
    pub data: String,
}

impl Keyring {
    /// The keyring in the file at `path`.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::Missing);
            }
            Err(error) => return Err(Error::File(error.kind().to_string())),
        };
        let permissions = metadata.mode() & 0o7777;
        if permissions & OTHERS != 0 {
            return Err(Error::OpenToOthers(permissions));
        }
        let text =
            fs::read_to_string(path).map_err(|error| Error::File(error.kind().to_string()))?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self, Error> {
        let keys: Vec<Key> = (1..)
            .zip(text.lines())
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(number, line)| parse_line(line).ok_or(Error::Malformed(number)))
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            Err(Error::Missing)
        } else {
            Ok(Self(keys))
        }
    }

    /// Writes a new keyring with one key, given its id; fails when there is a file.
    pub fn create(path: &Path, id: &str, secret: [u8; KEY_BYTES]) -> Result<(), Error> {
        append(
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(FILE_MODE),
            path,
            id,
            secret,
        )
    }

    /// Adds a key, which is the current one from now on. The line is written at once: a reader sees it whole or not.
    pub fn add(path: &Path, id: &str, secret: [u8; KEY_BYTES]) -> Result<(), Error> {
        Self::read(path)?;
        append(OpenOptions::new().append(true), path, id, secret)
    }

    /// The id of the key that seals.
    pub fn current_id(&self) -> &str {
        &self.current().id
    }

    fn current(&self) -> &Key {
        self.0
            .last()
            .unwrap_or_else(|| unreachable!("a keyring has a key"))
    }

    /// Seals a value under the current key. `context` says what the value belongs to: it opens with the same one only.
    pub fn seal(
        &self,
        value: &[u8],
        context: &str,
        nonce: [u8; NONCE_BYTES],
    ) -> Result<Sealed, Error> {
        let key = self.current();
        let payload = Payload {
            msg: value,
            aad: context.as_bytes(),
        };
        let data = cipher(key)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::NotAuthentic)?;
        Ok(Sealed {
            key: key.id.clone(),
            nonce: hex::encode(&nonce),
            data: hex::encode(&data),
        })
    }

    /// The value that was sealed for `context`.
    pub fn open(&self, sealed: &Sealed, context: &str) -> Result<Vec<u8>, Error> {
        let key = self
            .0
            .iter()
            .find(|key| key.id == sealed.key)
            .ok_or_else(|| Error::UnknownKey(sealed.key.clone()))?;
        let nonce = hex::decode(&sealed.nonce).ok_or(Error::NotAuthentic)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| Error::NotAuthentic)?;
        let data = hex::decode(&sealed.data).ok_or(Error::NotAuthentic)?;
        let payload = Payload {
            msg: &data,
            aad: context.as_bytes(),
        };
        cipher(key)
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::NotAuthentic)
    }
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.secret.into())
}

fn parse_line(line: &str) -> Option<Key> {
    let (id, secret) = line.trim().split_once(' ')?;
    let secret = hex::decode(secret.trim())?.try_into().ok()?;
    Some(Key {
        id: id.to_owned(),
        secret,
    })
}

fn append(
    options: &mut OpenOptions,
    path: &Path,
    id: &str,
    secret: [u8; KEY_BYTES],
) -> Result<(), Error> {
    let mut file = options.open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Error::Exists,
        other => Error::File(other.to_string()),
    })?;
    let line = format!("{id} {}\n", hex::encode(&secret));
    file.write_all(line.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| Error::File(error.kind().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const CONTEXT: &str = "domain 1, shop";

    fn keyring(text: &str) -> Keyring {
        Keyring::parse(text).expect("a keyring")
    }

    fn line(id: &str, digit: char) -> String {
        format!("{id} {}\n", digit.to_string().repeat(2 * KEY_BYTES))
    }

    #[test]
    fn what_is_sealed_opens_with_its_context_only() {
        let keyring = keyring(&line("a", '1'));
        let sealed = keyring
            .seal(b"secret", CONTEXT, [7; NONCE_BYTES])
            .expect("seal");
        assert!(!sealed.data.contains(&hex::encode(b"secret")));
        assert_eq!(keyring.open(&sealed, CONTEXT), Ok(b"secret".to_vec()));
        assert_eq!(
            keyring.open(&sealed, "domain 2, shop"),
            Err(Error::NotAuthentic)
        );
    }

    #[test]
    fn a_changed_value_does_not_open() {
        let keyring = keyring(&line("a", '1'));
        let mut sealed = keyring
            .seal(b"secret", CONTEXT, [7; NONCE_BYTES])
            .expect("seal");
        sealed.data.replace_range(
            0..1,
            if sealed.data.starts_with('0') {
                "1"
            } else {
                "0"
            },
        );
        assert_eq!(keyring.open(&sealed, CONTEXT), Err(Error::NotAuthentic));
    }

    #[test]
    fn an_older_key_opens_and_the_newest_seals() {
        let old = keyring(&line("a", '1'));
        let sealed = old
            .seal(b"secret", CONTEXT, [7; NONCE_BYTES])
            .expect("seal");
        let both = keyring(&(line("a", '1') + &line("b", '2')));
        assert_eq!(both.current_id(), "b");
        assert_eq!(both.open(&sealed, CONTEXT), Ok(b"secret".to_vec()));
        let newer = both
            .seal(b"secret", CONTEXT, [8; NONCE_BYTES])
            .expect("seal");
        assert_eq!(
            old.open(&newer, CONTEXT),
            Err(Error::UnknownKey("b".into()))
        );
    }

    #[test]
    fn a_line_that_is_no_key_is_named_and_not_shown() {
        let error = Keyring::parse(&(line("a", '1') + "b 22\n")).err();
        assert_eq!(error, Some(Error::Malformed(2)));
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("keyring");
        Keyring::create(&path, "a", [1; KEY_BYTES]).expect("create");
        assert_eq!(Keyring::read(&path).expect("read").current_id(), "a");
        assert_eq!(
            Keyring::create(&path, "b", [2; KEY_BYTES]),
            Err(Error::Exists)
        );
        Keyring::add(&path, "b", [2; KEY_BYTES]).expect("add");
        assert_eq!(Keyring::read(&path).expect("read").current_id(), "b");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("chmod");
        assert_eq!(Keyring::read(&path).err(), Some(Error::OpenToOthers(0o640)));
    }
}
