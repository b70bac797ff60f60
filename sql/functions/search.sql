-- Search.

comment on function frontdesk.hybrid_search is
    'Chunks of a domain''s pages that answer a question, the best first: full text with synonyms and nearest vectors, '
    'their scores brought to one scale and added.';
comment on function frontdesk.explain_search is
    'Why hybrid_search finds what it finds: terms, synonyms, fusion, and what each term and leg adds to each score.';
comment on function frontdesk.search_fusion is
    'How searches of a domain are fused: the method, and how much words count in it, vectors the rest.';
comment on function frontdesk.set_search_fusion is
    'Sets how searches of a domain are fused; NULL is the default again.';
