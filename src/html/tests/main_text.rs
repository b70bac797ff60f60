use super::content;

const FILLER: &str = "This paragraph is long enough to look like the text of a page, as most paragraphs on real pages are.";

fn page(body: &str) -> String {
    content(&format!(
        "<body>{body}<div><h1>Title</h1><p>{FILLER}<p>{FILLER}</div></body>"
    ))
}

fn filler() -> String {
    format!("# Title\n\n{FILLER}\n\n{FILLER}")
}

#[test]
fn furniture_is_left_out() {
    for furniture in [
        "<nav><a href=/>Home</a></nav>",
        "<header><a href=/>Logo</a></header>",
        "<aside>Buy now</aside>",
        "<footer>Imprint</footer>",
        "<script>var a = '<p>x'</script><style>p{}</style><noscript>Enable scripts</noscript><template>t</template>",
        "<div class=cookie-banner><h2>We value your privacy</h2><p>We use cookies.</p><button>Accept</button></div>",
        "<div id=cookieNotice>We use cookies.</div>",
        "<div role=navigation>Menu</div><div role=dialog>Sign up</div>",
        "<p hidden>secret</p><p style='color:red; Display : none'>secret</p><p aria-hidden=true>secret</p>",
        "<form><label>Mail <input></label><select><option>a</select><textarea>b</textarea><button>Send</button></form>",
        "<ul class=breadcrumbs><li>Home<li>Shoes</ul>",
        "<div class=docnav>Prev | Next</div>",
        "<a class=skip-link href=#main>Skip to content</a>",
        "<ul><li><a href=1>One</a><li><a href=2>Two</a><li><a href=3>Three</a><li><a href=4>Four</a></ul>",
        "<p><a href=/><img alt='Shop of Shoes' src=logo.png></a></p>",
        "<iframe>x</iframe><svg><text>x</text></svg><video>x</video>",
    ] {
        assert_eq!(page(furniture), filler(), "{furniture}");
    }
}

#[test]
fn what_only_looks_like_furniture_is_kept() {
    for text in [
        "<div class=table-contents>Sizes: 36 to 42.</div>",
        "<section id=cookie-objects><h2>Cookies</h2><p>Cookies hold state.</p></section>",
        "<article><header>By Jo</header>Text</article>",
        "<blockquote>Wise<footer>Jo</footer></blockquote>",
        "<aside class='note'>Mind the gap.</aside>",
        "<aside class='footnote-list'><aside class=footnote role=note>Said by Jo.</aside></aside>",
        "<aside role=doc-endnotes>Said by Jo.</aside>",
        "<h2><button>Do you ship?</button></h2><div class='collapse panel' aria-hidden=true>Yes.</div>",
    ] {
        assert_ne!(page(text), filler(), "{text}");
    }
}

#[test]
fn names_on_the_outermost_element_are_not_believed() {
    assert_eq!(
        content(&format!(
            "<body class='has-footer cookie-bar'><p>{FILLER}</body>"
        )),
        FILLER
    );
}

#[test]
fn the_marked_main_text_is_taken_alone() {
    let html =
        format!("<p>before<main><h1>A</h1>{FILLER}<ul><li><a href=1>one</a></ul></main><p>after");
    assert_eq!(content(&html), format!("# A\n\n{FILLER}\n\n- [one](1)"));
    let html = format!("<p>before<article>{FILLER}{FILLER}</article><p>after");
    assert_eq!(content(&html), format!("{FILLER}{FILLER}"));
}

#[test]
fn a_main_element_with_next_to_nothing_is_not_believed() {
    let html = format!("<main>x</main><div><p>{FILLER}<p>{FILLER}</div>");
    assert_eq!(content(&html), format!("x\n\n{FILLER}\n\n{FILLER}"));
}

#[test]
fn a_directory_keeps_its_links() {
    let list = |from: u32| {
        (from..from + 5)
            .map(|i| format!("<li><a href={i}>Chapter {i}</a>"))
            .collect::<String>()
    };
    let html = format!(
        "<h1>All</h1><ul>{}</ul><ul>{}</ul><ul>{}</ul><ul>{}</ul>",
        list(1),
        list(6),
        list(11),
        list(16)
    );
    assert_eq!(content(&html).matches("Chapter").count(), 20);
}

#[test]
fn a_page_without_markup_is_its_text() {
    assert_eq!(content("just text & more < 5"), "just text & more < 5");
    assert_eq!(content(""), "");
    assert_eq!(
        content("<html><head><title>x</title></head><body></body></html>"),
        ""
    );
}
