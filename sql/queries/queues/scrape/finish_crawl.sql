-- $1 job, $2 the pages that a complete crawl has seen, or null
select frontdesk.finish_crawl($1, $2)
