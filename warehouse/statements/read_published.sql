-- What decides which of several articles is the origin of a group.

select
    article_id,
    outlet,
    published_earliest,
    published_latest,
    agencies
from articles
where article_id in (select unnest($article_ids::varchar[]));
