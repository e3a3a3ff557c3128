select
    url,
    kind,
    first_seen_at
from url_aliases
where article_id = $article_id
order by
    first_seen_at,
    url;
