use super::*;
use serde_json::json;

#[test]
fn the_head_says_what_the_page_is() {
    let page = extract(
        "<!doctype html><html lang=de-CH><head><meta charset=utf-8><title> A &amp;\n B </title>
         <meta name=Description content=' about  it '><link rel='x Canonical' href=' /a?b '></head>
         <body><svg><title>icon</title></svg><h1>H</h1>",
    );
    assert_eq!(page.title.as_deref(), Some("A & B"));
    assert_eq!(page.description.as_deref(), Some("about it"));
    assert_eq!(page.language.as_deref(), Some("de-CH"));
    assert_eq!(page.canonical_url.as_deref(), Some("/a?b"));
    assert_eq!(
        page.headings,
        [Heading {
            level: 1,
            text: "H".into()
        }]
    );
}

#[test]
fn open_graph_and_headings_stand_in() {
    let page = extract(
        "<meta property=og:title content=T><meta property=og:description content=D>
         <meta property=og:url content=https://a.example/><meta property=og:locale content=pt_BR>",
    );
    assert_eq!(page.title.as_deref(), Some("T"));
    assert_eq!(page.description.as_deref(), Some("D"));
    assert_eq!(page.canonical_url.as_deref(), Some("https://a.example/"));
    assert_eq!(page.language.as_deref(), Some("pt-BR"));
    assert_eq!(extract("<h2>First</h2>").title.as_deref(), Some("First"));
    assert_eq!(extract("<html lang='not a language'>").language, None);
}

#[test]
fn declared_products_are_read() {
    let page = extract(
        r#"<script type="application/ld+json">
        <!-- {"@context": "https://schema.org", "@graph": [
          {"@type": ["Thing", "http://schema.org/Product"], "name": "Red &amp; <b>blue</b> shoe", "sku": 17,
           "brand": {"@type": "Brand", "name": "Acme"}, "image": ["/a.png", "/b.png"], "gtin13": "4006381333931",
           "offers": [{"@type": "Offer", "price": "24.90", "priceCurrency": "EUR", "availability": "https://schema.org/InStock"}],
           "aggregateRating": {"ratingValue": 4.5, "reviewCount": 12}, },
        ]}; -->
        </script>"#,
    );
    assert_eq!(
        page.products,
        [json!({
            "name": "Red & blue shoe", "sku": "17", "brand": "Acme", "image": "/a.png", "gtin": "4006381333931", "price": "24.90",
            "currency": "EUR", "availability": "InStock", "rating": "4.5", "review_count": "12"
        })]
    );
}

#[test]
fn declared_questions_are_read() {
    let page = extract(
        "<script type='application/LD+JSON; charset=utf-8'>{\"@type\":\"FAQPage\",\"mainEntity\":[
          {\"@type\":\"Question\",\"name\":\"Do you ship?\",\"acceptedAnswer\":{\"@type\":\"Answer\",\"text\":\"<p>Yes,\nto <b>24</b>.90.</p>\"}},
          {\"@type\":\"Question\",\"name\":\"Empty?\"}]}</script>",
    );
    assert_eq!(
        page.faqs,
        [json!({ "question": "Do you ship?", "answer": "Yes, to 24.90." })]
    );
}

#[test]
fn what_is_not_json_declares_nothing() {
    for source in [
        "",
        "{",
        "[[[",
        "null",
        "{\"@type\":\"Product\"",
        &"[".repeat(100_000),
    ] {
        let page = extract(&format!(
            "<script type=application/ld+json>{source}</script><p>text"
        ));
        assert!(page.products.is_empty() && page.faqs.is_empty());
        assert_eq!(page.content, "text");
    }
}
