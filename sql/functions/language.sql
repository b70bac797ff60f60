-- Text search in the language of a domain.

comment on function frontdesk.searchable_text is
    'A text as search vectors are made of it: in Unicode NFKC, scripts without spaces between words as overlapping pairs '
    'of characters, names such as c++ and .net spelled out.';
