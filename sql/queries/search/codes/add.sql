-- $1 configuration, $2 how many vectors, $3 their codes
insert into frontdesk_internal.vector_codes (config_id, vectors, codes)
select $1, b.vectors, b.codes from unnest($2::integer[], $3::bytea[]) with ordinality as b (vectors, codes, place) order by b.place
