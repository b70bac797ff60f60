-- $1 domain, $2 method, $3 weight of words; NULL for the default
update domains set fusion_method = $2, fusion_text_weight = $3 where id = $1
