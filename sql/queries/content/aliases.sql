-- $1 domain: the further names of its site
select unnest(d.aliases) from domains as d where d.id = $1
