-- $1 configuration, $2 number of chunks, $3 their lengths by weight together, $4 lengths, $5 ids: the new segment
insert into frontdesk_internal.search_segments (domain_id, documents, living, living_lengths, dead, lengths, ids)
values ($1, $2, $2, $3, '', $4, $5)
returning segment
