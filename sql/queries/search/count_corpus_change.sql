-- $1 domains or configurations, NULL among them for everybody: nothing that was cached for them is found any more
select frontdesk.count_corpus_changes($1::uuid[]) is null
