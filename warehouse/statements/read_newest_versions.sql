select
    article_id,
    url,
    version,
    content_hash,
    first_seen_at
from articles;
