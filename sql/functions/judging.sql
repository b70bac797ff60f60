-- How well search answers, by what people have judged and by what chats have noted.

-- The weight that is proposed is the best over all questions; what it gains is measured on questions that had no part in
-- choosing: each half of them is searched with the best of the other half.
create or replace function frontdesk.tune_search(domain text, judged jsonb, apply boolean default false)
returns table (fusion text, text_weight real, ndcg_before real, ndcg_after real, questions bigint, applied boolean)
language plpgsql volatile
as $$
#variable_conflict use_column
declare
    current record;
begin
    select f.method, f.weight into current from frontdesk.search_fusion(domain) as f;
    if jsonb_typeof(judged) is distinct from 'array' or jsonb_array_length(judged) < 2 then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'judged must be an array of at least two questions',
            hint = '[{"text": "...", "embedding": "[...]", "relevant": ["id of a chunk or page"]}, ...]';
    end if;

    with measured as materialized (
        select q.number % 2 as half, m.fusion, m.text_weight, m.ndcg
        from jsonb_array_elements(judged) with ordinality as q (question, number)
        cross join lateral frontdesk.judge_search(
            domain,
            q.question ->> 'text',
            (q.question ->> 'embedding')::vector,
            array(select r.id::uuid from jsonb_array_elements_text(q.question -> 'relevant') as r (id))
        ) as m
    ),
    halves as (
        select m.half, m.fusion, m.text_weight, avg(m.ndcg) as ndcg, count(*) as questions
        from measured as m
        group by m.half, m.fusion, m.text_weight
    ),
    totals as (
        select h.fusion, h.text_weight, sum(h.ndcg * h.questions) / sum(h.questions) as ndcg, sum(h.questions)::bigint as questions
        from halves as h
        group by h.fusion, h.text_weight
    ),
    -- Of equals the one that is set, then the one nearest to it.
    best as (
        select t.fusion, t.text_weight, t.questions
        from totals as t
        order by t.ndcg desc, t.fusion <> current.method, abs(t.text_weight - current.weight), t.fusion, t.text_weight
        limit 1
    ),
    best_of_half as (
        select distinct on (h.half) h.half, h.fusion, h.text_weight
        from halves as h
        order by h.half, h.ndcg desc, h.fusion <> current.method, abs(h.text_weight - current.weight), h.fusion, h.text_weight
    ),
    held_out as (
        select sum(h.ndcg * h.questions) / sum(h.questions) as ndcg
        from best_of_half as b
        join halves as h on h.half <> b.half and h.fusion = b.fusion and h.text_weight = b.text_weight
    )
    select b.fusion, b.text_weight, t.ndcg, o.ndcg, b.questions, coalesce(apply, false) and o.ndcg > t.ndcg
    into fusion, text_weight, ndcg_before, ndcg_after, questions, applied
    from best as b
    cross join held_out as o
    cross join lateral (
        select t.ndcg
        from totals as t
        where t.fusion = current.method
        order by abs(t.text_weight - current.weight)
        limit 1
    ) as t;
    if applied then
        perform frontdesk.set_search_fusion(domain, fusion, text_weight);
    end if;
    return next;
end
$$;

comment on function frontdesk.tune_search is
    'Proposes how searches of a domain weigh words against vectors, from judged questions: an array of objects with text, '
    'embedding (optional) and relevant (ids of chunks or pages). ndcg_before is the nDCG@10 of the present setting, '
    'ndcg_after that of the best one on questions that had no part in choosing it. Changes nothing unless apply is true and '
    'the gain holds on those.';

create or replace function frontdesk.unanswered_questions(
    domain text, since timestamptz default now() - interval '30 days', below real default 0.5
)
returns table (message_id uuid, conversation_id uuid, asked_at timestamptz, question text, search_confidence real)
language plpgsql stable
as $$
#variable_conflict use_column
declare
    asked uuid;
begin
    select r.domain_id into asked from frontdesk.require_domain(domain, 'viewer') as r;
    return query
        select q.id, q.conversation_id, q.created_at, q.content, a.search_confidence
        from (
            select m.conversation_id, m.ordinal, (m.metadata -> 'search_confidence')::real as search_confidence
            from messages as m
            where m.domain_id = asked and m.role = 'assistant' and m.created_at >= since
                and jsonb_typeof(m.metadata -> 'search_confidence') = 'number'
        ) as a
        cross join lateral (
            select m.id, m.conversation_id, m.created_at, m.content
            from messages as m
            where m.conversation_id = a.conversation_id and m.role = 'user' and m.ordinal < a.ordinal
            order by m.ordinal desc
            limit 1
        ) as q
        where a.search_confidence < below
        order by q.created_at desc, q.id;
end
$$;

comment on function frontdesk.unanswered_questions is
    'Questions of a domain''s visitors to which nothing was found, the latest first: those whose answer has a '
    'search_confidence below the given one in its metadata, where the application put that of hybrid_search. Read from '
    'messages with the caller''s rights, so that an erased conversation is gone from here too.';
comment on function frontdesk.judge_search is
    'nDCG@10 of one question under every fusion and weight of words, given the chunks or pages that answer it.';
