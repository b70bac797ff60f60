use super::{content, extract};

#[test]
fn inline_elements_never_part_a_word_or_number() {
    assert_eq!(
        content("<p>Only <b>24</b>.<i>9</i>0 <span>Eu</span>ro"),
        "Only 24.90 Euro"
    );
    assert_eq!(content("<p>un<wbr>believ&shy;able"), "unbelievable");
}

#[test]
fn text_is_never_glued_across_blocks() {
    assert_eq!(
        content("<div>one</div><div>two</div>three<p>four"),
        "one\n\ntwo\n\nthree\n\nfour"
    );
    assert_eq!(content("one<br>two"), "one\ntwo");
    assert_eq!(content("<table><tr><td>one<td>two</table>"), "one\n\ntwo");
}

#[test]
fn white_space_collapses_as_in_css() {
    assert_eq!(
        content("<p> a \n\t b <b> c</b> d&nbsp;&nbsp;e </p>"),
        "a b c d e"
    );
}

#[test]
fn headings_keep_their_level() {
    assert_eq!(
        content("<h1>A</h1><p>x<h3> B <b>c</b><br>d <a class=headerlink href=#b>¶</a></h3>y"),
        "# A\n\nx\n\n### B c d\n\ny"
    );
}

#[test]
fn lists_nest_and_count() {
    let html = "<p>Do:<ol start=3><li>one<li><p>two</p><p>more</p><ul><li>in</li></ul></li><li></li></ol>after";
    assert_eq!(
        content(html),
        "Do:\n\n3. one\n4. two\n\n  more\n\n  - in\n\nafter"
    );
    assert_eq!(
        content("<dl><dt>term<dd>meaning<dt>next<dd>one</dl>"),
        "term\n: meaning\n\nnext\n: one"
    );
}

#[test]
fn quotations_are_marked_on_every_line() {
    assert_eq!(
        content("<blockquote><p>a<p>b</blockquote>c"),
        "> a\n>\n> b\n\nc"
    );
    assert_eq!(content("he said <q>yes</q>."), "he said “yes”.");
}

#[test]
fn code_keeps_its_white_space() {
    let html = "<pre class='language-rust'>\nfn main() {\n    a &lt; b;\n}\n</pre>";
    assert_eq!(content(html), "```rust\nfn main() {\n    a < b;\n}\n```");
    assert_eq!(content("<pre>a ``` b</pre>"), "````\na ``` b\n````");
    assert_eq!(
        content("<ul><li>x<pre>1\n2</pre></ul>"),
        "- x\n\n  ```\n  1\n  2\n  ```"
    );
}

#[test]
fn links_and_images_keep_their_text() {
    assert_eq!(
        content(
            "<p>See <a href=' /a b(1) '> our shop </a> , <a href=#x>here</a> or <a href='javascript:go()'>go</a>."
        ),
        "See [our shop](/a%20b%281%29) , here or go."
    );
    assert_eq!(
        content(
            "<p><img src=/i.png alt='Red  shoe'> <img src=x> <img src='data:image/gif;base64,AA' alt=dot>"
        ),
        "![Red shoe](/i.png) dot"
    );
    assert_eq!(
        content("<a href=/p><h2>Shoe</h2><p>24.90</p></a>"),
        "## Shoe\n\n24.90"
    );
    assert_eq!(content("<p>a<a href=/x></a>b"), "ab");
}

#[test]
fn tables_of_data_become_rows() {
    let html = "<table><caption>Sizes</caption><thead><tr><th>EU<th>US</thead><tr><td>36<td>6|5<tr><td>37<td><p>7<p>wide</table>";
    assert_eq!(
        content(html),
        "Sizes\n\n| EU | US |\n|---|---|\n| 36 | 6\\|5 |\n| 37 | 7 wide |"
    );
    let without_header = "<table><tr><th>Weight<td>2 kg<tr><th>Colour<td>red</table>";
    assert_eq!(
        content(without_header),
        "|  |  |\n|---|---|\n| Weight | 2 kg |\n| Colour | red |"
    );
}

#[test]
fn a_cell_that_spans_rows_is_in_each() {
    let html = "<table><tr><th>a<th>b<tr><td rowspan=2>x<td>1<tr><td>2<tr><td>y<td>3</table>";
    assert_eq!(
        content(html),
        "| a | b |\n|---|---|\n| x | 1 |\n| x | 2 |\n| y | 3 |"
    );
    assert_eq!(
        content("<table><tr><td colspan=2>wide<tr><td>1<td>2</table>"),
        "|  |  |\n|---|---|\n| wide |  |\n| 1 | 2 |"
    );
}

#[test]
fn tables_for_layout_become_blocks() {
    let html =
        "<table><tr><td><h2>Shop</h2><td><table><tr><th>a<th>b<tr><td>1<td>2</table></table>";
    assert_eq!(content(html), "## Shop\n\n| a | b |\n|---|---|\n| 1 | 2 |");
}

#[test]
fn text_that_looks_like_markup_is_escaped() {
    assert_eq!(
        content("<p># not a heading<p>#1 seller<p>```<p>a<br>==="),
        "\\# not a heading\n\n#1 seller\n\n\\```\n\na\n\\==="
    );
}

#[test]
fn missing_and_stray_end_tags_are_mended() {
    assert_eq!(
        content("<p>a<p>b</div>c<ul><li>d<li>e</ul></p>f"),
        "a\n\nbc\n\n- d\n- e\n\nf"
    );
    assert_eq!(content("<b><p>a</b>b<div>c"), "ab\n\nc");
    assert_eq!(content("<h2>a<h3>b</h2>c"), "## a\n\n### b\n\nc");
    assert_eq!(content("<svg><text>no<p>yes"), "yes");
}

#[test]
fn the_title_of_a_note_does_not_head_what_follows() {
    let html = "<h2>A</h2><div class='note'><h3>Note</h3><p>text</div><p>more";
    assert_eq!(content(html), "## A\n\nNote\n\ntext\n\nmore");
}

#[test]
fn a_list_in_a_heading_is_a_line_of_text() {
    let page = extract("<p>x<h2><ul><li>One<li>two</ul><blockquote>three</blockquote></h2><p>y");
    assert_eq!(page.content, "x\n\n## One two three\n\ny");
    assert_eq!(page.headings[0].text, "One two three");
}

#[test]
fn a_heading_is_marked_however_deep() {
    for depth in [1, 7, 8, 9, 50] {
        let page = super::extract(&format!("{}<h3>Returns</h3>free", "<ul><li>".repeat(depth)));
        assert_eq!(page.headings.len(), 1, "{depth}");
        assert!(
            page.content.contains("### Returns\n"),
            "{depth}: {}",
            page.content
        );
    }
}
