-- Forgets the copies of the vectors, which are of another model
truncate frontdesk_internal.chunk_vectors, frontdesk_internal.vector_counts, frontdesk_internal.vector_codes,
    frontdesk_internal.uncoded_vectors, frontdesk_internal.dead_vector_codes
