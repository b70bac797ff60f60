use super::*;

#[test]
fn smoke() {
    let page = extract(
        "<title>T &amp; x</title><h1>Hi <a href=#x>#</a></h1><p>a <b>24</b>.90 <a href='/x y'>link</a><ul><li>one<li>two<ul><li>in</ul></ul><table><tr><th>a<th>b<tr><td>1<td>2|</table><pre class=language-rust>fn x() {\n  y\n}</pre>",
    );
    assert!(page.content.contains("a 24.90 [link](/x%20y)"));
}
