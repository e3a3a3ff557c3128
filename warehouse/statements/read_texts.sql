select
    article_id,
    text
from articles
where article_id in (select unnest($article_ids::varchar[]));
