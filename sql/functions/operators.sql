-- Operators that an index may answer under row level security.
--
-- Postgres asks an index only after a policy has let a row pass, unless the operator is leakproof: it tells nothing of its
-- arguments but through its result. The built-in ones are not marked so. These are the same functions of Postgres under
-- operators of our own, marked leakproof, each for the reason that stands above it.

-- ts_match_vq reads a tsvector and a tsquery that are valid when they are values of their types. It raises no error that
-- depends on them: no conversion, no allocation beyond their size, no division. A tsquery is at most 1 MB, which bounds its
-- depth; the check of the stack's depth looks at the query, never at the row.
create or replace function frontdesk.tsvector_matches(document tsvector, query tsquery)
returns boolean
language internal immutable strict parallel safe leakproof
as 'ts_match_vq';

comment on function frontdesk.tsvector_matches is
    'Whether a document matches a query, as the operator @@ has it. Leakproof: it raises nothing that depends on a document.';

create operator frontdesk.@~ (
    leftarg = tsvector,
    rightarg = tsquery,
    function = frontdesk.tsvector_matches,
    restrict = tsmatchsel,
    join = tsmatchjoinsel
);

comment on operator frontdesk.@~ (tsvector, tsquery) is
    'As @@, and leakproof: an index on frontdesk.tsvector_match_ops answers it under row level security.';

create operator class frontdesk.tsvector_match_ops
    for type tsvector using gin as
    operator 1 frontdesk.@~ (tsvector, tsquery),
    function 1 gin_cmp_tslexeme(text, text),
    function 2 gin_extract_tsvector(tsvector, internal, internal),
    function 3 gin_extract_tsquery(tsvector, internal, int2, internal, internal, internal, internal),
    function 4 gin_tsquery_consistent(internal, int2, tsvector, int4, internal, internal, internal, internal),
    function 5 gin_cmp_prefix(text, text, int2, internal),
    function 6 gin_tsquery_triconsistent(internal, int2, tsvector, int4, internal, internal, internal),
    storage text;

comment on operator class frontdesk.tsvector_match_ops using gin is
    'GIN over tsvector for the leakproof operator frontdesk.@~.';
