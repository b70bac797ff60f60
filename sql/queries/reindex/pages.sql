-- $1 id after which to go on, $2 how many: the trigger makes a vector that is null anew; the number of rows and the last id
with batch as materialized (
    select r.id from scraped_pages as r where $1::uuid is null or r.id > $1 order by r.id limit $2
),
changed as (
    update scraped_pages as r set content_search_vector = null from batch as b where r.id = b.id
)
select (select count(*) from batch), (select b.id from batch as b order by b.id desc limit 1)
