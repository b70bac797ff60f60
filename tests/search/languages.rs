//! Every language is searched by what its readers take for words.

use frontdesk_harness::Sql;

use super::{acme, found, member, two_tenants};

#[test]
fn a_part_of_a_text_without_spaces_is_found() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "tower", "参观东方明珠的游客很多。", None);
    acme(&mut client, "tea", "我们的乌龙茶来自福建。", None);
    acme(&mut client, "thai", "ร้านอาหารไทยเปิดทุกวัน", None);
    acme(&mut client, "kana", "返品はメールでご連絡ください。", None);
    let mut member = member(&db);
    for (question, page) in [
        ("明珠在哪里", "tower"),
        ("乌龙", "tea"),
        ("อาหารไทย", "thai"),
        ("メール", "kana"),
    ] {
        assert_eq!(found(&mut member, &format!("'{question}'"))[0], page);
    }
}

#[test]
fn a_single_character_is_found_wherever_it_stands() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "begins", "茶的历史很长。", None);
    acme(&mut client, "ends", "我们卖乌龙茶。", None);
    acme(&mut client, "other", "我们卖咖啡。", None);
    let mut member = member(&db);
    let mut pages = found(&mut member, "'茶'");
    pages.sort();
    assert_eq!(pages, ["begins", "ends"]);
}

#[test]
fn latin_words_between_other_scripts_are_stemmed() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "page", "我的iPhones坏了", None);
    assert_eq!(found(&mut member(&db), "'iphone'"), ["page"]);
}

#[test]
fn full_width_and_composed_letters_make_no_difference() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "page", "Café ﬁne", None);
    let mut member = member(&db);
    for question in ["Ｃａｆｅ\u{301}", "cafe\u{301}", "fine"] {
        assert_eq!(found(&mut member, &format!("'{question}'")), ["page"]);
    }
}

#[test]
fn names_with_punctuation_are_told_apart() {
    let (db, mut client) = two_tenants();
    for (page, text) in [
        ("c", "Written in C"),
        ("cpp", "Written in C++"),
        ("csharp", "Written in C#"),
        ("dotnet", "Runs on .NET"),
        ("net", "Net of tax"),
    ] {
        acme(&mut client, page, text, None);
    }
    let mut member = member(&db);
    for (question, page) in [("c++", "cpp"), ("C#", "csharp"), (".net", "dotnet")] {
        assert_eq!(found(&mut member, &format!("'{question}'"))[0], page);
    }
    assert_eq!(found(&mut member, "'c'").len(), 3);
}

#[test]
fn a_part_number_is_found_with_and_without_its_hyphen() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "part", "Filter X-100-B", None);
    acme(&mut client, "other", "Filter X-200-B", None);
    let mut member = member(&db);
    for question in ["x-100-b", "X 100"] {
        assert_eq!(found(&mut member, &format!("'{question}'"))[0], "part");
    }
}

#[test]
fn any_page_in_such_a_script_can_be_stored() {
    let (_db, mut client) = two_tenants();
    client.run(
        "insert into scraped_pages (domain_id, url, title, content)
         select d.id, 'https://acme.example/' || w.place, left(w.text, 1000), w.text
         from domains as d
         cross join (
             select 'pairs' as place, string_agg(chr(131072 + i % 40000), '') as text
             from generate_series(0, 99999) as i
             union all
             select 'worst', (select string_agg(chr(131072 + i), '') from generate_series(0, 39999) as i)
                 || (select string_agg(chr(131072 + i) || '-' || chr(150000 + i), ' ') from generate_series(0, 14999) as i)
         ) as w
         where d.domain = 'acme.example'",
    );
    assert_eq!(client.row("select count(*) from scraped_pages"), "2");
}
