-- Search.

comment on function frontdesk.hybrid_search is
    'Chunks of a domain''s pages that answer a question, the best first: full text with synonyms and nearest vectors, '
    'fused by reciprocal rank.';
