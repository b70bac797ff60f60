//! Elements by what they mean for reading a page.

/// An element's name, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    Document,
    /// Not an element: a piece of text.
    Text,
    Html,
    Head,
    Body,
    Title,
    Meta,
    Link,
    Base,
    Script,
    Style,
    Template,
    Noscript,
    Main,
    Article,
    Nav,
    Header,
    Footer,
    Aside,
    Heading(u8),
    P,
    Div,
    /// Other elements that stand on lines of their own.
    Block,
    Blockquote,
    Pre,
    Ul,
    Ol,
    Li,
    Dl,
    Dt,
    Dd,
    Details,
    Summary,
    Form,
    Hr,
    Br,
    Table,
    Caption,
    Col,
    Colgroup,
    /// `thead`
    TableHead,
    /// `tbody` and `tfoot`
    TableBody,
    Tr,
    Td,
    Th,
    A,
    Img,
    Code,
    Q,
    /// Pronunciations beside ruby text.
    RubyText,
    Label,
    Button,
    Input,
    Select,
    Textarea,
    Svg,
    Math,
    ForeignObject,
    /// Frames, films, sounds and other things without text of their own.
    Embedded,
    /// Of those, the ones that have no end tag.
    EmbeddedVoid,
    /// Elements whose content is raw text that no one sees.
    RawText,
    Plaintext,
    Dialog,
    /// `wbr`, `track`, `param`, ...
    OtherVoid,
    /// All others: inline, and transparent.
    Other,
}

impl Tag {
    /// The tag with this name in lower case.
    pub fn of(name: &[u8]) -> Self {
        match name {
            b"html" => Self::Html,
            b"head" => Self::Head,
            b"body" => Self::Body,
            b"title" => Self::Title,
            b"meta" => Self::Meta,
            b"link" => Self::Link,
            b"base" => Self::Base,
            b"script" => Self::Script,
            b"style" => Self::Style,
            b"template" => Self::Template,
            b"noscript" => Self::Noscript,
            b"main" => Self::Main,
            b"article" => Self::Article,
            b"nav" => Self::Nav,
            b"header" => Self::Header,
            b"footer" => Self::Footer,
            b"aside" => Self::Aside,
            [b'h', level @ b'1'..=b'6'] => Self::Heading(level - b'0'),
            b"p" => Self::P,
            b"div" => Self::Div,
            b"section" | b"address" | b"center" | b"dir" | b"fieldset" | b"figcaption"
            | b"figure" | b"hgroup" | b"legend" | b"search" | b"listing" | b"frameset"
            | b"optgroup" | b"option" => Self::Block,
            b"blockquote" => Self::Blockquote,
            b"pre" => Self::Pre,
            b"ul" | b"menu" => Self::Ul,
            b"ol" => Self::Ol,
            b"li" => Self::Li,
            b"dl" => Self::Dl,
            b"dt" => Self::Dt,
            b"dd" => Self::Dd,
            b"details" => Self::Details,
            b"summary" => Self::Summary,
            b"form" => Self::Form,
            b"hr" => Self::Hr,
            b"br" => Self::Br,
            b"table" => Self::Table,
            b"caption" => Self::Caption,
            b"col" => Self::Col,
            b"colgroup" => Self::Colgroup,
            b"thead" => Self::TableHead,
            b"tbody" | b"tfoot" => Self::TableBody,
            b"tr" => Self::Tr,
            b"td" => Self::Td,
            b"th" => Self::Th,
            b"a" => Self::A,
            b"img" | b"image" => Self::Img,
            b"code" => Self::Code,
            b"q" => Self::Q,
            b"rt" | b"rp" | b"rtc" => Self::RubyText,
            b"label" => Self::Label,
            b"button" => Self::Button,
            b"input" => Self::Input,
            b"select" | b"datalist" => Self::Select,
            b"textarea" => Self::Textarea,
            b"svg" => Self::Svg,
            b"math" => Self::Math,
            b"foreignobject" => Self::ForeignObject,
            b"object" | b"video" | b"audio" | b"canvas" | b"map" | b"meter" | b"progress" => {
                Self::Embedded
            }
            b"embed" | b"frame" => Self::EmbeddedVoid,
            b"iframe" | b"noembed" | b"noframes" | b"xmp" => Self::RawText,
            b"plaintext" => Self::Plaintext,
            b"dialog" => Self::Dialog,
            b"area" | b"param" | b"source" | b"track" | b"wbr" | b"basefont" | b"bgsound"
            | b"keygen" => Self::OtherVoid,
            _ => Self::Other,
        }
    }

    /// Whether the element has no content and no end tag.
    pub fn is_void(self) -> bool {
        matches!(
            self,
            Self::Meta
                | Self::Link
                | Self::Base
                | Self::Hr
                | Self::Br
                | Self::Col
                | Self::Img
                | Self::Input
                | Self::EmbeddedVoid
                | Self::OtherVoid
        )
    }

    /// Whether the element stands on lines of its own.
    pub fn is_block(self) -> bool {
        matches!(
            self,
            Self::Html
                | Self::Body
                | Self::Main
                | Self::Article
                | Self::Nav
                | Self::Header
                | Self::Footer
                | Self::Aside
                | Self::Heading(_)
                | Self::P
                | Self::Div
                | Self::Block
                | Self::Blockquote
                | Self::Pre
                | Self::Ul
                | Self::Ol
                | Self::Li
                | Self::Dl
                | Self::Dt
                | Self::Dd
                | Self::Details
                | Self::Summary
                | Self::Form
                | Self::Hr
                | Self::Dialog
        ) || self.is_table_part()
    }

    pub fn is_table_part(self) -> bool {
        matches!(
            self,
            Self::Table
                | Self::Caption
                | Self::Colgroup
                | Self::TableHead
                | Self::TableBody
                | Self::Tr
                | Self::Td
                | Self::Th
        )
    }

    /// Elements that may stand in `<head>`; any other ends it.
    pub fn belongs_in_head(self) -> bool {
        matches!(
            self,
            Self::Title
                | Self::Meta
                | Self::Link
                | Self::Base
                | Self::Script
                | Self::Style
                | Self::Template
                | Self::Noscript
        )
    }

    /// Start tags that end an open paragraph ("closes a p element" in the standard).
    pub fn ends_paragraph(self) -> bool {
        self.is_block()
            && !matches!(
                self,
                Self::Html
                    | Self::Body
                    | Self::Caption
                    | Self::Colgroup
                    | Self::TableHead
                    | Self::TableBody
                    | Self::Tr
                    | Self::Td
                    | Self::Th
            )
    }

    /// Elements that an end tag inside of them does not reach beyond ("has an element in scope").
    pub fn bounds_scope(self) -> bool {
        matches!(
            self,
            Self::Document
                | Self::Html
                | Self::Table
                | Self::Caption
                | Self::Td
                | Self::Th
                | Self::Template
                | Self::Embedded
        )
    }

    /// Elements with nothing to read in them.
    pub fn is_never_read(self) -> bool {
        matches!(
            self,
            Self::Head
                | Self::Title
                | Self::Meta
                | Self::Link
                | Self::Base
                | Self::Script
                | Self::Style
                | Self::Template
                | Self::Noscript
                | Self::Col
                | Self::Colgroup
                | Self::RubyText
                | Self::Input
                | Self::Select
                | Self::Textarea
                | Self::Svg
                | Self::Embedded
                | Self::EmbeddedVoid
                | Self::RawText
                | Self::Dialog
                | Self::OtherVoid
        )
    }
}
