select
    article_id,
    url,
    version,
    content_hash,
    first_seen_at
from articles
where article_id in (select unnest($article_ids::varchar[]));
