-- $1 configuration: how many vectors it has, how many there are in all as of the last ANALYZE, whether the configuration's have
-- an index of their own, and whether it is searched by those of the next model, while that takes the place of another
select
    (
        select coalesce(sum(c.vectors), 0)::bigint
        from frontdesk_internal.vector_counts as c
        where c.config_id = $1
    ),
    (
        select greatest(c.reltuples, 0)::bigint
        from pg_class as c
        where c.oid = 'frontdesk_internal.chunk_vectors'::regclass
    ),
    exists (select from frontdesk_internal.vector_indexes as i where i.config_id = $1),
    exists (select from frontdesk_internal.switched_configs as s where s.config_id = $1)
