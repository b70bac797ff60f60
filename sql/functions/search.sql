-- Search and synonyms.

comment on function frontdesk.expand_synonyms is
    'Terms of a query that have synonyms, each synonym with its source (domain or global) and its weight beside the '
    'term, which counts 1.';
comment on function frontdesk.hybrid_search is
    'Chunks of a domain''s pages that answer a question, the best first: full text with synonyms and nearest vectors, '
    'fused by reciprocal rank.';
comment on function frontdesk.set_synonyms is
    'Sets what a term is called besides in a domain; an empty array removes the entry.';
