-- Until the end of the transaction an HNSW scan goes on until enough rows of the tenant are found.
select set_config('hnsw.iterative_scan', 'relaxed_order', true)
