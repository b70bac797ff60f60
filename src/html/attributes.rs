//! The attributes that are read; all others are skipped while tokenizing.

/// An attribute's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Name {
    Alt,
    AriaHidden,
    Class,
    Colspan,
    Content,
    Hidden,
    Href,
    HttpEquiv,
    Id,
    Lang,
    Named,
    Property,
    Rel,
    Role,
    Rowspan,
    Src,
    Start,
    Style,
    Type,
}

/// More bytes than any name that is read has.
pub const LONGEST_NAME: usize = 12;

impl Name {
    /// The attribute with this name in lower case.
    pub fn of(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"alt" => Self::Alt,
            b"aria-hidden" => Self::AriaHidden,
            b"class" => Self::Class,
            b"colspan" => Self::Colspan,
            b"content" => Self::Content,
            b"hidden" => Self::Hidden,
            b"href" => Self::Href,
            b"http-equiv" => Self::HttpEquiv,
            b"id" => Self::Id,
            b"lang" => Self::Lang,
            b"name" => Self::Named,
            b"property" => Self::Property,
            b"rel" => Self::Rel,
            b"role" => Self::Role,
            b"rowspan" => Self::Rowspan,
            b"src" => Self::Src,
            b"start" => Self::Start,
            b"style" => Self::Style,
            b"type" => Self::Type,
            _ => return None,
        })
    }

    /// This name's bit in a set of names.
    pub fn bit(self) -> u32 {
        1 << (self as u8)
    }
}
