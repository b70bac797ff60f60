-- $1 the model that stays
update page_embeddings as e
set embedding_model = case when e.embedding is not null then $1 end
where e.embedding_next is not null
